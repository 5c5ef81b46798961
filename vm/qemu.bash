# Debian's kernel under QEMU, for vm/run. To be sourced.
# shellcheck disable=SC2154,SC2034 # root, run, outs and the like are vm/run's
#
# The command's streams arrive in files by way of virtio ports, and are followed from there: nothing is lost when the
# machine ends, however slow the reader.
#
# RINGSHOT_VM_ACCEL: tcg or kvm, instead of kvm where it works.

readonly BOOT_MODULES=(overlay 9p 9pnet_virtio)
readonly BOOT_APPLETS=(mount mkdir modprobe cp ifconfig usleep switch_root)
# The console has the warnings, for a machine that stops; the log has room for what a long run says.
readonly KERNEL_OPTIONS='console=ttyS0 loglevel=5 log_buf_len=1M panic=-1 oops=panic mitigations=off nokaslr audit=0 selinux=0 apparmor=0 random.trust_cpu=on'

# Says what is missing here.
check_machine() {
  local -a packages=()
  command -v qemu-system-x86_64 >/dev/null || packages+=(qemu-system-x86)
  if ! busybox=$(command -v busybox) || ldd "$busybox" >/dev/null 2>&1; then packages+=(busybox-static); fi
  command -v cpio >/dev/null || packages+=(cpio)
  command -v xz >/dev/null || packages+=(xz-utils)
  [[ $(uname -sm) == 'Linux x86_64' ]] || broken "it boots on x86-64 Linux only"
  ((${#packages[@]} == 0)) || broken "missing here: apt-get install --no-install-recommends ${packages[*]}"
}

# Sets `kernel`, `release` and `modules`.
provide_kernel() {
  kernel=$("$root/vm/kernel") || broken "there is no kernel to boot"
  release=$(<"$kernel/version")
  modules=$kernel/modules
}

# Prints how to accelerate. Without the processor's own flag a /dev/kvm is one that a stock kernel does not boot on.
accelerator() {
  if [[ -n ${RINGSHOT_VM_ACCEL:-} ]]; then
    echo "$RINGSHOT_VM_ACCEL"
  elif [[ -w /dev/kvm ]] && grep -qwE 'vmx|svm' /proc/cpuinfo; then
    echo kvm
  else
    echo tcg
  fi
}

# Prints the frequency of the guest's time stamp counter in kHz. A guest that measures it itself on a loaded host gets it
# wrong, and its clock then runs up to six times too fast.
tsc_khz() {
  local base=/sys/devices/system/cpu/cpu0/cpufreq/base_frequency
  if [[ -n $count ]]; then
    echo 1000000 # one instruction is one nanosecond and one tick
  elif [[ -r $base ]]; then
    cat "$base"
  else
    sed -n '/^cpu MHz/{s/.*: *\([0-9]*\)\.\([0-9]*\).*/\1\2/p;q}' /proc/cpuinfo
  fi
}

# Makes the initramfs that gets the VM from the kernel to vm/guest, unless it is there beside the kernel. Sets `initramfs`.
provide_initramfs() {
  local hash applet module file needed work=$run/initramfs
  hash=$(cat -- "$root"/vm/{init,qemu.bash} "$busybox" | sha256sum)
  initramfs=$kernel/initramfs-${hash:0:16}
  [[ ! -e $initramfs ]] || return 0
  mkdir -p "$work"/{bin,dev,proc,host,scratch,root,"lib/modules/$release"}
  cp -- "$root/vm/init" "$work/init"
  cp -- "$busybox" "$work/bin/busybox"
  for applet in sh "${BOOT_APPLETS[@]}"; do ln -s busybox "$work/bin/$applet"; done
  cp -- "$kernel"/modules/modules.* "$work/lib/modules/$release/"
  for module in "${BOOT_MODULES[@]}"; do
    read -ra needed < <(grep "^$module\.ko:" "$kernel/modules/modules.dep" | tr -d :)
    for file in "${needed[@]}"; do cp -- "$kernel/modules/$file" "$work/lib/modules/$release/"; done
  done
  (cd "$work" && find . | cpio -o -H newc -R 0:0 --quiet) >"$initramfs.$$"
  mv -- "$initramfs.$$" "$initramfs"
}

# Adds to `devices` the host's folder $2 as the share $1, read-only if $3 is on.
share() {
  devices+=(-fsdev "local,id=$1,path=${2//,/,,},security_model=none,readonly=$3,multidevs=remap"
    -device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}

# Adds to `devices` a port number $1 that leads into the file $2.
port() {
  devices+=(-chardev "file,id=port$1,path=${2//,/,,}" -device "virtserialport,chardev=port$1,nr=$1")
}

prepare() {
  provide_initramfs
  (cat -- "$initramfs" && cd "$run" && find job | cpio -o -H newc -R 0:0 --quiet) >"$run/initrd"
}

# Boots, and returns as run_machine.
boot() {
  local -a accel=(-accel 'tcg,thread=multi,tb-size=512' -cpu max) devices=()
  local append=$KERNEL_OPTIONS i
  if [[ -n $count ]]; then
    accel=(-accel 'tcg,thread=single' -icount 'shift=0,sleep=on' -cpu max)
  elif [[ $(accelerator) == kvm ]]; then
    accel=(-accel kvm -cpu host)
  fi
  [[ ${accel[1]} == kvm ]] || append+=" tsc=reliable no_timer_check tsc_early_khz=$(tsc_khz)"

  devices+=(-device virtio-serial-pci) # the first: vm/init looks for its ports under virtio device 0
  port 1 "$run/stdout"
  port 2 "$run/stderr"
  port 3 "$run/report"
  port 4 "$run/log"
  share root / on
  for ((i = 0; i < ${#outs[@]}; i++)); do share "out$i" "${outs[i]}" off; done

  run_machine qemu-system-x86_64 "${accel[@]}" -smp "$cpus" -m "$memory" \
    -nodefaults -no-user-config -display none -no-reboot \
    -kernel "$kernel/vmlinuz" -initrd "$run/initrd" -append "$append" \
    -chardev "file,id=console,path=${run//,/,,}/console" -serial chardev:console "${devices[@]}"
}

# A machine in QEMU needs no watching.
watch_machine() { :; }
