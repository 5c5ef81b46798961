# Servers of ublk devices as daemons. Sourced after tools.bash.
#
#     launcher                            server: a process, a session and a mount namespace of its own
#     reads the server's stdout    ◄──    says what the disk is, and closes its stdout
#     prints that, exits with 0           serves on; what else it says is in its log
#
#     reads nothing                ◄──    ends, and has said why in its log
#     prints that, exits with its status
#
# It becomes a daemon before there is a JVM: a process with threads cannot fork.

# What keeps a server from waiting for its own disk, as far as the JVM can: all of its heap is there from the start, and it
# keeps no file that is mapped. The server itself locks its memory.
heap=${RINGSHOT_HEAP:-64m}
# shellcheck disable=SC2034 # the launcher's
readonly SERVER_OPTIONS=("-Xms$heap" "-Xmx$heap" -XX:+AlwaysPreTouch -XX:-UsePerfData)

# Whether the command "$@" asks for a server in the background.
wants_daemon() {
  local word
  [[ $OSTYPE == linux* ]] || return 1
  for word in "$@"; do
    case $word in
      -F | --foreground | -h | --help | -V | --version) return 1 ;;
    esac
  done
}

# Sets RINGSHOT_RUN_DIR to the folder of servers' state and logs, for the server as well, and makes it. Where nobody says
# one, RunFolder.java has the same rule.
provide_run_folder() {
  local folder=${RINGSHOT_RUN_DIR:-}
  if [[ -z $folder ]]; then
    if ((EUID == 0)); then folder=/run/ringshot; else folder=${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/ringshot}; fi
  fi
  [[ -n $folder ]] || fail "a daemon needs a folder for its log: set RINGSHOT_RUN_DIR or XDG_RUNTIME_DIR, or stay in the foreground, -F"
  { mkdir -p -- "$folder" && [[ -w $folder ]]; } 2>/dev/null ||
    fail "cannot write to $folder, where servers leave state and logs; RINGSHOT_RUN_DIR may be another"
  RINGSHOT_RUN_DIR=$(cd -- "$folder" && pwd)
  export RINGSHOT_RUN_DIR
}

# Becomes the command $2…, apart from whoever has called: nothing of theirs stays open, stdout is the launcher's.
# $1 takes its stderr.
become_daemon() {
  local log=$1 fd
  local -a apart=(setsid) # which need not fork: this process leads no group
  shift
  exec </dev/null 2>>"$log"
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    ((fd <= 2)) || eval "exec $fd>&-"
  done
  umask 022
  if unshare --mount --propagation slave true 2>/dev/null; then
    apart+=(unshare --mount --propagation slave --) # slave: what is unmounted outside does not stay in use here
  else
    say "no mount namespace of its own: needs CAP_SYS_ADMIN, and unshare of util-linux"
  fi
  if env --default-signal true 2>/dev/null; then apart=(env --default-signal "${apart[@]}"); fi # of a job without a terminal SIGINT is ignored
  exec "${apart[@]}" "$@"
}

# Starts the server "$@", java and its arguments, as a daemon, and exits when its disk is there, or will not be.
start_daemon() {
  local java=$1 log said='' pid='' caught='' status=0
  shift
  provide_run_folder
  log=$(mktemp -- "$RINGSHOT_RUN_DIR/start.XXXXXXXX") || fail "cannot write to $RINGSHOT_RUN_DIR"
  exec 4<"$log" # by the time it is read it may have the device's name
  trap 'give_up 129' HUP
  trap 'give_up 130' INT
  trap 'give_up 143' TERM
  exec 3< <(become_daemon "$log" "$java" -XX:+DisplayVMOutputToStderr "-XX:ErrorFile=$RINGSHOT_RUN_DIR/hs_err_%p.log" \
    "-Dringshot.log=$log" "$@")
  pid=$!
  [[ -z $caught ]] || give_up "$caught"
  IFS= read -r -d '' -u 3 said || true
  if [[ -n $said ]]; then
    cat <&4 >&2
    printf '%s' "$said"
    exit 0
  fi
  wait "$pid" || status=$?
  cat <&4 >&2
  rm -f -- "$log"
  ((status <= 128)) || say "the server was ended by signal $((status - 128)) before there was a disk"
  ((status != 0)) || fail "the server ended before there was a disk"
  exit "$status"
}

# In start_daemon: ends the server, as the launcher is told to, and exits with $1.
give_up() {
  if [[ -z $pid ]]; then # not yet
    caught=$1
    return
  fi
  trap - HUP INT TERM
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" || true
  cat <&4 >&2
  rm -f -- "$log"
  exit "$1"
}
