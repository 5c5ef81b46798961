# User-mode Linux, a kernel that is a process, for vm/run. To be sourced.
#
# It runs the command's instructions natively, and each of its system calls by way of the host's seccomp. It forwards no
# signal that would end it, and is therefore killed.

# Says what is missing here.
check_machine() {
  [[ -z $count ]] || wrong_use "--count is QEMU's, and does not go with --uml"
  busybox=$(command -v busybox) || broken "missing here: apt-get install --no-install-recommends busybox-static"
}

# Sets `kernel`, `release` and `modules`.
provide_kernel() {
  kernel=$("$root/vm/uml-kernel") || broken "there is no user-mode Linux to boot"
  release=$(<"$kernel/version")
  modules=
}

# Prints a folder with room for a file of the machine's memory.
memory_folder() {
  local folder
  for folder in /dev/shm "${TMPDIR:-/tmp}"; do
    [[ -w $folder && $(df -Pk -- "$folder" | awk 'NR == 2 { print $4 }') -ge $((memory * 1024)) ]] || continue
    echo "$folder"
    return
  done
  return 1
}

prepare() {
  folder=$(memory_folder) || broken "the machine's memory is a file, and neither /dev/shm nor ${TMPDIR:-/tmp} has $memory MB"
  mkdir "$run/job/host"
  cp -L -- "$busybox" "$run/job/busybox"
}

# Ends the machine $1 when one of its processes has as many pages apart as the host lets it map: user-mode Linux would
# fault on the next one for ever.
watch_machine() {
  local most child
  most=$(</proc/sys/vm/max_map_count)
  while ! timeout 5 tail -f -s 0.1 --pid="$1" /dev/null >/dev/null; do
    for child in $(cat /proc/"$1"/task/*/children); do
      (($(wc -l <"/proc/$child/maps") >= most)) || continue
      echo "a process of the guest has $most pages, and this machine lets it map no more: let it use less memory, or raise vm.max_map_count" >"$run/complaint"
      kill -KILL "$1"
    done
  done 2>/dev/null
}

# Boots, and returns as run_machine. Its clock is the host's: on a busy one it stands still for longer than stalls take.
boot() {
  TMPDIR=$folder run_machine "$kernel/linux" mem="${memory}M" ncpus="$cpus" seccomp=on noreboot uml_dir="$run" \
    root=host rootfstype=hostfs ro init="\"$run/job/busybox\"" RINGSHOT_JOB="\"$run/job\"" \
    con=null con0=null,fd:3 con1=null,fd:4 con2=null,fd:5 con3=null,fd:6 con4=null,fd:7 console=tty4 \
    loglevel=5 log_buf_len=1M oops=panic panic=-1 null_blk.nr_devices=0 \
    rcupdate.rcu_cpu_stall_timeout=300 workqueue.watchdog_thresh=300 -- sh "\"$root/vm/uml-init\"" \
    3>"$run/stdout" 4>"$run/stderr" 5>"$run/report" 6>"$run/log" 7>"$run/console"
}
