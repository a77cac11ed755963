// as: runs a command as another user. The host owner may: it makes a capability, which the command's process uses.
#include <libc.h>
#include <libsec.h>

static void usage(void) {
    fprint(2, "usage: as user command [arg ...]\n");
    exits("usage");
}

/* A key that nobody can guess. */
static void make_key(char* key, long size) {
    uchar bytes[16];
    const int fd = open("/dev/random", OREAD);
    if (fd < 0 || readn(fd, bytes, sizeof bytes) != sizeof bytes) sysfatal("/dev/random: %r");
    close(fd);
    char* at = key;
    for (ulong i = 0; i < sizeof bytes; ++i) at = seprint(at, key + size, "%.2ux", bytes[i]);
}

static void put(const char* file, const void* data, long size) {
    const int fd = open(file, OWRITE);
    if (fd < 0) sysfatal("%r");  // which names it
    if (write(fd, data, size) != size) sysfatal("%s: %r", file);
    close(fd);
}

static void become(const char* user) {
    char key[40], whom[80], capability[128];
    uchar hash[SHA1dlen];
    if (strlen(user) > 27 || user[0] == '\0' || strchr(user, '@') != nil) sysfatal("'%s' is no name of a user", user);
    make_key(key, sizeof key);
    snprint(whom, sizeof whom, "%s@%s", getuser(), user);
    snprint(capability, sizeof capability, "%s@%s", whom, key);
    hmac_sha1((uchar*)whom, strlen(whom), (uchar*)key, strlen(key), hash, nil);
    put("#\302\244/caphash", hash, sizeof hash);
    put("#\302\244/capuse", capability, strlen(capability));
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        default:
            usage();
    }
    ARGEND
    if (argc < 2) usage();
    become(argv[0]);
    exec(argv[1], &argv[1]);
    char name[128];
    snprint(name, sizeof name, "/bin/%s", argv[1]);
    if (argv[1][0] != '/' && argv[1][0] != '.') exec(name, &argv[1]);
    sysfatal("%s: %r", argv[1]);
}
