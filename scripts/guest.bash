# The tests that run in a guest: those tagged `linux`, on one class path, by JUnit's own console in one JVM, for a
# guest has no Maven. Sourced after image.bash. The launcher runs there as well, with an image of its own.

readonly TESTED_MODULES=(linux ring ublk conformance cli) # those with tests of the running kernel
readonly GUEST=$root/target/guest
guest_properties=() # of the JVM that tests in a guest

# Waits until nobody else tests guests here.
lock_guest() {
  mkdir -p "$GUEST"
  exec 8>"$GUEST/lock"
  flock --nonblock 8 && return
  say "waiting for another test of guests"
  flock 8
}

# Compiles the tests against the image, with javac alone: `./test` has all checks. Sets `guest_lib` to the jars.
provide_guest_tests() {
  local file classes=$GUEST/classes
  provide_image
  guest_lib=$GUEST/lib
  rm -rf -- "$guest_lib" "$classes"
  mkdir -p "$guest_lib" "$classes"
  rm -rf -- "$GUEST/image"
  mkdir -p "$GUEST/image"
  cp -R -- "$image/lib" "$GUEST/image/"
  cp -- "$image"/lib/*.jar "$guest_lib/"
  copy_library org.junit.platform:junit-platform-console-standalone "$guest_lib" junit
  local -a sources=() roots=("${TESTED_MODULES[@]/#/$root/}")
  roots=("${roots[@]/%//src/test/java}")
  while IFS= read -r file; do sources+=("$file"); done < <(grep -rlF '@Tag("linux")' "${roots[@]}")
  "$JAVA_HOME/bin/javac" --release "$JAVA_FEATURE" -g -proc:none -Xlint:none -d "$classes" \
    -cp "$guest_lib/*" -sourcepath "$(IFS=:; echo "${roots[*]}")" "${sources[@]}" >&2 ||
    fail "the tests do not compile"
  "$JAVA_HOME/bin/jar" --create --no-compress --file "$guest_lib/tests.jar" -C "$classes" .
  rm -rf -- "$classes"
}

# The first digits of the commit's hash: a seed that is new with every commit and the same for all who test it.
commit_hash() { git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo 1; }

# Runs the tests in one guest. Adds the folder of its reports, target/guest/$1, to `folders`, and sets `status` to 1 if
# something was wrong.
#
# $1 names it, $2 is how many random scripts it runs and $3 how many generated programs, from seed $4 on, and $5 how many
# minutes it may take; what follows are options of vm/run.
test_in_guest() {
  local reports=$GUEST/$1 scripts=$2 programs=$3 seed=$4 minutes=$5
  local -a jvm=(-Xms256m -Xmx256m -XX:TieredStopAtLevel=1) # what C2 makes would have to be translated again
  local -a tags=(--include-tag=linux --exclude-tag=load --exclude-tag=counted)
  case $1 in
    linux-disks) tags=(--include-tag=load) ;;
    linux-counted) tags=(--include-tag=counted) ;;
  esac
  shift 5
  [[ " $* " != *' --uml '* ]] || jvm=(-Xms128m -Xmx128m) # all its pages together must be fewer than vm.max_map_count
  rm -rf -- "$reports"
  mkdir -p "$reports"
  say "testing in a guest: ${reports##*/}, $scripts random scripts and $programs programs from seed $seed on"
  # In user-mode Linux a page that is new to the JVM is dear: it keeps those it has.
  # REF_F_TWICE selects a second buffer, which the kernel warns of: a case claims what comes of it.
  # ublk warns where the end of a ring cancels a command whose answer is on its way, a race of the kernel's own (seen once).
  "$root/vm/run" "$@" --reference-driver --timeout $((minutes * 60)) --allow-warning 'WARNING: io_uring/uring_cmd\.c:[0-9]+ at io_uring_cmd_buffer_select' \
    --allow-warning 'WARNING: drivers/block/ublk_drv\.c:[0-9]+ at ublk_ch_uring_cmd\+' \
    --out "$reports" -- \
    env RINGSHOT_IMAGE="$GUEST/image" RINGSHOT_RUN_DIR=/run/ringshot/servers MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=1000000000 "$JAVA_HOME/bin/java" -XX:+UseSerialGC "${jvm[@]}" -ea \
    --enable-native-access=ALL-UNNAMED --illegal-native-access=deny \
    -Dringshot.guest=true -Dringshot.root="$root" -Dringshot.results="$reports" -Dringshot.scripts="$scripts" -Dringshot.seed="$seed" \
    -Dringshot.programs="$programs" -Dringshot.programSeed="$seed" "${guest_properties[@]}" \
    -cp "$guest_lib/*" org.junit.platform.console.ConsoleLauncher execute --select-package=dev.ringshot \
    "${tags[@]}" --reports-dir="$reports" --details=none --disable-banner --fail-if-no-tests || status=1
  folders+=("$reports")
}
