# The tests that run in a guest: those tagged `linux`, on one class path, by JUnit's own console in one JVM, for a
# guest has no Maven. Sourced after image.bash.

readonly TESTED_MODULES=(linux ring conformance) # those with tests of the running kernel
readonly GUEST=$root/target/guest

# Compiles the tests against the image, with javac alone: `./test` has all checks. Sets `guest_lib` to the jars.
provide_guest_tests() {
  local file classes=$GUEST/classes
  provide_image
  guest_lib=$GUEST/lib
  rm -rf -- "$guest_lib" "$classes"
  mkdir -p "$guest_lib" "$classes"
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
