# How a machine is run and ended, for vm/run. To be sourced.
# shellcheck disable=SC2154 # run and limit are vm/run's

readonly GRACE=120 # seconds that a machine has to boot, and to say why its command hangs

# Runs the machine "$@", which watch_machine may end and complain of in the file complaint, passing on what it writes to
# the files stdout and stderr, until it has ended: 0 by itself, 137 when it was ended, 141 when nobody reads its output.
run_machine() {
  local ended=0 first reader
  "$@" </dev/null >"$run/machine.log" 2>&1 &
  machine=$!
  watch_machine "$machine" &
  end_reported "$machine" &
  (timeout "$((limit + GRACE))" tail -f -s 0.1 --pid="$machine" /dev/null >/dev/null || kill -KILL "$machine") 2>/dev/null &
  tail -c +1 -f -s 0.1 --pid="$machine" -- "$run/stdout" &
  reader=$!
  tail -c +1 -f -s 0.1 --pid="$machine" -- "$run/stderr" >&2 &
  wait -n -p first "$machine" "$reader" 2>/dev/null || ended=$?
  if [[ $first == "$reader" ]]; then
    kill -KILL "$machine"
    ended=141
  fi
  wait 2>/dev/null # the shell would report what was killed
  return "$ended"
}

# Ends the machine $1 where it has told how the command ended, and then does not end by itself within seconds: user-mode
# Linux has been seen to stand still in its own end.
end_reported() {
  local told=
  while ! timeout 5 tail -f -s 0.1 --pid="$1" /dev/null >/dev/null; do
    [[ -z $told ]] || kill -KILL "$1"
    [[ ! -s $run/report ]] || told=1
  done 2>/dev/null
}

# Ends the machine, if it still runs, and takes away what it left.
clean_up() {
  local status=$?
  [[ -z ${machine:-} ]] || kill -KILL "$machine" 2>/dev/null || true
  kill $(jobs -p) 2>/dev/null || true # who follows the output may wait for a reader
  wait 2>/dev/null
  rm -rf -- "$run"
  if ((status == 1)) && [[ -z $report ]]; then broken "the machine could not be prepared; is there room in ${run%/*}?"; fi
}
