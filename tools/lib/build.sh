# Configures and builds one preset with a progress line, and says in one sentence what failed. Sourced, after common.sh.
# shellcheck shell=bash

# A runner without a terminal tells its progress this often, in seconds.
readonly kProgressInterval=15

# check_preset PRESET: ends the script when CMakePresets.json has no such preset.
check_preset() {
  local known
  known=$(sed -n '/"configurePresets"/,/"buildPresets"/s/^ *"name": *"\(.*\)",\?$/\1/p' "$root/CMakePresets.json" | grep -vx common)
  [[ $'\n'$known$'\n' == *$'\n'"$1"$'\n'* ]] || die "there is no preset '$1'; there are ${known//$'\n'/, }"
}

# build_preset PRESET TARGET...: returns 1 when it failed and `build_error` holds the sentence. Prints nothing when nothing is to do.
# Two builds of one preset at once wait for each other: the second finds the work done.
build_preset() {
  local preset=$1 dir=$root/build/$1 lock
  shift
  build_error=''
  mkdir -p -- "$dir"
  exec {lock}>"$dir/.build-lock"
  if ! flock -n "$lock"; then
    note "waiting for another build of $preset to end"
    flock "$lock"
  fi
  local failed=0
  configure_if_needed "$preset" "$dir" && run_ninja "$preset" "$dir" "$@" || failed=1
  exec {lock}>&-
  return "$failed"
}

configure_if_needed() {
  local preset=$1 dir=$2
  [[ ! -f $dir/build.ninja ]] || return 0
  note "configuring $preset (the first build; the next start is quick)"
  if ! (cd -- "$root" && cmake --preset "$preset" >"$dir/configure.log" 2>"$dir/configure.errors" </dev/null); then
    build_error="cannot configure $preset: $(first_cmake_error "$dir/configure.errors") (more: build/$preset/configure.errors)"
    return 1
  fi
}

run_ninja() {
  local preset=$1 dir=$2 log=$2/build.log begin=$SECONDS
  shift 2
  if NINJA_STATUS='[%f/%t] ' ninja -C "$dir" "$@" </dev/null 2>&1 | show_progress "$preset" "$log"; then
    # Nothing to do is nothing to tell. Step 0 is CMake's look for new files.
    ! grep -q '^\[[1-9]' "$log" || note "built $preset in $((SECONDS - begin)) s"
    return 0
  fi
  # What the first step that failed had to say, without its command line.
  sed -n '/^FAILED: /{p;n;:next;n;/^\[/q;p;b next}' "$log" | head -n 40 >&"$messages"
  build_error="the build of $preset failed after $((SECONDS - begin)) s: $(first_error "$log") (all of it: build/$preset/build.log)"
  return 1
}

# Reads ninja's output: keeps it in a log, and shows how far it is, on one line of a terminal or now and then otherwise.
show_progress() {
  local preset=$1 log=$2 line text='' last=-$kProgressInterval clear=''
  local on_terminal=false
  if [[ -t $messages ]]; then
    on_terminal=true clear=$'\r\e[K'
  fi
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    [[ $line =~ ^\[([1-9][0-9]*)/([0-9]+)\]\  ]] || continue
    text="building $preset: ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
    if $on_terminal; then
      printf '%s%s' "$clear" "$text" >&"$messages"
    elif ((SECONDS - last >= kProgressInterval)); then
      note "$text"
      last=$SECONDS
    fi
  done 3>"$log"
  [[ -z $text ]] || printf '%s' "$clear" >&"$messages"
}

# The first `CMake Error` with what is said beneath it, on one line.
first_cmake_error() {
  local text
  text=$(sed -n '/^CMake Error/,/^Call Stack/{/^Call Stack/q;s/^CMake Error\( at\)\?:\? *//;p}' "$1" |
    tr -s ' \n' ' ' | cut -c 1-300)
  printf '%s' "${text:-$(tail -n 1 "$1")}"
}

first_error() {
  local text
  text=$(grep -m 1 -E '(^|[: ])error: |undefined reference to|multiple definition of|No space left' "$1" | cut -c 1-300 || true)
  printf '%s' "${text:-$(tail -n 1 "$1")}"
}
