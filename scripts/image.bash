# The image: the modules as they run, without tests and checks. Sourced after tools.bash, with `root` set.
#
# A build compiles the modules of the command with javac into target/image/N, which becomes the current one by a
# rename when it is whole: a half-finished build is never run, and a running command keeps the image it started with.

readonly MODULES=(abi linux model ring ublk nbd conformance cli)
readonly LIBRARIES=(org.jspecify:jspecify info.picocli:picocli)
readonly IMAGES=$root/target/image

# Whether the current image exists and is newer than everything it is made from. Sets `image`.
image_is_fresh() {
  [[ -r $IMAGES/current ]] || return 1
  read -r image <"$IMAGES/current"
  image=$IMAGES/$image
  [[ -e $image/stamp ]] || return 1
  local -a sources=("$root"/scripts/*.bash "$root/pom.xml")
  local module
  for module in "${MODULES[@]}"; do sources+=("$root/$module/src/main"); done
  [[ -z $(find "${sources[@]}" -newer "$image/stamp" -print -quit) ]]
}

# Puts the library group:artifact $1 into the folder $2, in the version that pom.xml has as $3.version ($3 is by
# default the artifact).
copy_library() {
  local group=${1%:*} artifact=${1#*:} version jar
  version=$(sed -n "s|.*<${3:-$artifact}\.version>\(.*\)</.*|\1|p" "$root/pom.xml")
  jar=${HOME:-}/.m2/repository/${group//.//}/$artifact/$version/$artifact-$version.jar
  if [[ -r $jar ]]; then
    cp -- "$jar" "$2/"
    return
  fi
  find_maven
  (cd "$root" && mvn -q -B -N -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$group:$artifact:$version" -DoutputDirectory="$2") >&2 ||
    fail "could not fetch $group:$artifact:$version from Maven Central; is the network reachable?"
}

build_image() {
  local name=$$.$RANDOM module library previous=
  local work=$IMAGES/$name
  local -a sources=() jars=()
  local job old
  mkdir -p "$work/lib"
  touch "$work/stamp" # before anything is read: what changes while we build is newer
  say "building"
  for library in "${LIBRARIES[@]}"; do copy_library "$library" "$work/lib"; done
  for module in "${MODULES[@]}"; do
    sources+=(--module-source-path "dev.ringshot.$module=$root/$module/src/main/java")
  done
  "$JAVA_HOME/bin/javac" --release "$JAVA_FEATURE" -g -proc:none -Xlint:none -d "$work/classes" \
    --module-path "$work/lib" "${sources[@]}" --module "$(IFS=,; echo "${MODULES[*]/#/dev.ringshot.}")" >&2 || {
    rm -rf -- "$work"
    fail "the sources do not compile"
  }
  for module in "${MODULES[@]}"; do
    [[ -d $work/classes/dev.ringshot.$module ]] || continue
    [[ ! -d $root/$module/src/main/resources ]] ||
      cp -R "$root/$module/src/main/resources/." "$work/classes/dev.ringshot.$module/"
    "$JAVA_HOME/bin/jar" --create --no-compress --file "$work/lib/dev.ringshot.$module.jar" \
      -C "$work/classes/dev.ringshot.$module" . 9<&- &
    jars+=($!)
  done
  for job in "${jars[@]}"; do wait "$job" || fail "could not pack the modules"; done
  rm -rf -- "$work/classes"

  [[ -r $IMAGES/current ]] && read -r previous <"$IMAGES/current"
  echo "$name" >"$work/current"
  mv -f -- "$work/current" "$IMAGES/current"
  image=$work
  command -v flock >/dev/null || return 0 # without the lock another build may be under way
  for old in "$IMAGES"/*/; do # all but this one and the one that others may just be starting from
    old=${old%/}
    [[ $old == "$work" || $old == "$IMAGES/$previous" ]] || rm -rf -- "$old"
  done
}

# Sets `image` to an image that is up to date, building it if there is none.
provide_image() {
  ! image_is_fresh || return 0
  mkdir -p "$IMAGES" || fail "cannot write to $root/target, where builds go"
  lock_build
  image_is_fresh || build_image
  unlock_build
}
