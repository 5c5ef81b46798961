# What vm/run hands to the guest: a folder with vm/guest, its settings, the command and modules. To be sourced.
# shellcheck disable=SC2154,SC2034 # root, outs and insmods are vm/run's

readonly PASSED=(PATH HOME LANG JAVA_HOME CI TERM) # and RINGSHOT_*

# Packs the command $2… into the folder $1. `kind` is qemu or uml, `merged` is set when both streams go to one place, where
# they are to keep their order.
pack_job() {
  local job=$1 merged='' name module i
  shift
  mkdir -p "$job/modules"
  cp -- "$root/vm/guest" "$job/"
  for module in "${insmods[@]}"; do cp -- "$module" "$job/modules/"; done
  [[ ! /proc/self/fd/1 -ef /proc/self/fd/2 ]] || merged=1
  for name in kind limit merged release modules; do echo "$name=${!name@Q}"; done >"$job/settings"
  for ((i = 0; i < ${#outs[@]}; i++)); do echo "mount_out out$i ${outs[i]@Q}"; done >"$job/outs"
  {
    echo '#!/bin/bash'
    for name in "${PASSED[@]}" "${!RINGSHOT_@}"; do
      [[ -z ${!name+set} ]] || echo "export $name=${!name@Q}"
    done
    echo "cd ${PWD@Q} || exit 125"
    (($# == 1)) || set -- "${*@Q}"
    echo "exec bash -c ${1@Q}"
  } >"$job/command"
  chmod +x "$job/command"
}
