# What the scripts share: words, what they need of this machine, one build at a time. To be sourced with `self` (the
# script) and `root` (the project) set. All messages go to stderr: stdout belongs to the command.

readonly JAVA_FEATURE=25

say() { printf '%s: %s\n' "${self##*/}" "$1" >&2; }

fail() {
  say "$1"
  exit "${2:-1}"
}

# Prints the feature release of the JDK in $1 (25 for 25.0.3), or nothing if there is none with the program $2 in it.
jdk_feature() {
  [[ -x $1/bin/$2 ]] || return 0
  local line version=
  if [[ -r $1/release ]]; then
    while IFS= read -r line; do
      [[ $line == JAVA_VERSION=* ]] && version=${line#JAVA_VERSION=}
    done <"$1/release"
  else
    version=$("$1/bin/$2" --version 2>&1)
    version=${version#* } # "javac 25.0.3", "openjdk 25.0.3 2026-04-21"
  fi
  version=${version//\"/}
  version=${version%%[!0-9]*}
  printf '%s' "$version"
}

# Sets JAVA_HOME to a JDK that is new enough: the caller's own, the one on PATH, or one that the system has. With $1 java,
# one that only runs programs is enough.
find_jdk() {
  local program=${1:-javac} candidate feature found
  local -a candidates=()
  [[ -n ${JAVA_HOME:-} ]] && candidates+=("$JAVA_HOME")
  if found=$(command -v "$program"); then
    found=$(readlink -f -- "$found")
    candidates+=("${found%"/bin/$program"}")
  fi
  candidates+=(/usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home)
  for candidate in "${candidates[@]}"; do
    feature=$(jdk_feature "$candidate" "$program")
    if [[ -n $feature ]] && ((feature >= JAVA_FEATURE)); then
      export JAVA_HOME=$candidate
      return
    fi
  done
  fail "needs a JDK $JAVA_FEATURE or newer, and found none in JAVA_HOME, on PATH or in /usr/lib/jvm. Debian 13: apt-get install openjdk-$JAVA_FEATURE-jdk-headless; elsewhere see https://adoptium.net"
}

# Checks that Maven is there, and quiets what its own libraries make a new JDK say.
find_maven() {
  command -v mvn >/dev/null || fail "needs Maven to fetch its dependencies, and there is no mvn on PATH. Debian: apt-get install maven"
  export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
}

# Waits until no other script builds here. The lock is on a file that no clean removes, descriptor 9.
lock_build() {
  exec 9<"$root/pom.xml"
  command -v flock >/dev/null || return 0
  flock --nonblock 9 && return 0
  say "waiting for another build"
  flock 9
}

unlock_build() { exec 9<&-; }
