# What vm/run hands to the guest: a folder with vm/guest, its settings, the command and modules. To be sourced.

readonly PASSED=(PATH HOME LANG JAVA_HOME CI TERM)

# Packs the command "$@" into the folder $1. `kind` is qemu or uml, `merged` is set when both
# streams go to one place, where they are to keep their order.
pack_job() {
  local job=$1 merged='' name module
  shift
  mkdir -p "$job/modules"
  cp -- "$root/vm/guest" "$job/"
  for module in "${insmods[@]}"; do cp -- "$module" "$job/modules/"; done
  [[ ! /proc/self/fd/1 -ef /proc/self/fd/2 ]] || merged=1
  declare -p kind limit outs merged release modules >"$job/settings"
  {
    for name in "${PASSED[@]}" "${!RINGSHOT_@}"; do
      [[ -z ${!name+set} ]] || printf 'export %s=%q\n' "$name" "${!name}"
    done
    printf 'cd %q || exit 125\n' "$PWD"
    (($# == 1)) || set -- "$(printf '%q ' "$@")"
    printf 'exec bash -c %q\n' "$1"
  } >"$job/command"
}
