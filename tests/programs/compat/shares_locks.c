/* Processes that share memory, and take turns by QLock, RWLock, Rendez and counters. */
#include <u.h>
#include <libc.h>
#include "compat.h"

enum { Nproc = 6, Nturn = 200 };

typedef struct Shared Shared;
struct Shared {
	QLock;
	RWLock	rw;
	Rendez	full, empty;
	long	refs;
	int	inside, most, turns;
	int	value, half;
	int	box, boxed, sum;
};

Shared	sh;
void	**own;

static void
turns(void)
{
	int i;

	for(i = 0; i < Nturn; i++){
		qlock(&sh);
		if(++sh.inside > sh.most)
			sh.most = sh.inside;
		if(i%16 == 0)
			sleep(0);
		sh.turns++;
		sh.inside--;
		qunlock(&sh);
	}
}

static void
readsandwrites(int me)
{
	int i;

	for(i = 0; i < Nturn; i++){
		if(i%8 == me){
			wlock(&sh.rw);
			sh.value++;
			sleep(0);
			sh.half = sh.value;
			wunlock(&sh.rw);
		}else{
			rlock(&sh.rw);
			if(sh.value != sh.half)
				failed(__LINE__, "a reader sees half of what is written");
			runlock(&sh.rw);
		}
	}
}

static void
hands(int me)
{
	int i;

	for(i = 0; i < Nturn; i++){
		qlock(&sh);
		if(me%2 == 0){
			while(sh.boxed)
				rsleep(&sh.empty);
			sh.box = i;
			sh.boxed = 1;
			rwakeup(&sh.full);
		}else{
			while(!sh.boxed)
				rsleep(&sh.full);
			sh.sum += sh.box;
			sh.boxed = 0;
			rwakeup(&sh.empty);
		}
		qunlock(&sh);
	}
}

int
main(int argc, char *argv[])
{
	int i, n;
	Waitmsg *w;

	USED(argc, argv);
	sh.full.l = &sh;
	sh.empty.l = &sh;
	Check((own = privalloc()) != nil);
	*own = (void*)-1;
	for(i = 0; i < Nproc; i++){
		switch(rfork(RFPROC|RFMEM)){
		case -1:
			failed(__LINE__, "rfork: %r");
		case 0:
			/* the word was copied with the stack */
			if(*own != (void*)-1)
				_exits("not the maker's word");
			*own = (void*)(uintptr)i;
			ainc(&sh.refs);
			turns();
			readsandwrites(i);
			hands(i);
			adec(&sh.refs);
			if(*own != (void*)(uintptr)i)
				_exits("another's word");
			_exits(nil);
		}
	}
	for(n = 0; n < Nproc; n++){
		w = wait();
		Check(w != nil);
		if(w->msg[0] != '\0')
			failed(__LINE__, "%s", w->msg);
		free(w);
	}
	Check(*own == (void*)-1);
	Check(sh.refs == 0);
	Check(sh.most == 1 && sh.turns == Nproc*Nturn);
	Check(sh.value == sh.half && sh.value == Nproc*Nturn/8);
	Check(sh.sum == Nproc/2*(Nturn*(Nturn-1)/2) && !sh.boxed);
	Check(rwakeup(&sh.full) == 0 && rwakeupall(&sh.empty) == 0);
	Check(canqlock(&sh) && !canqlock(&sh));
	exits(nil);
	return 0;
}
