# Packages of a newer Debian than the system's, for abi/headers and vm/. To be sourced, with `debian_work` set to a
# folder that may be thrown away.
#
# apt runs under a configuration of its own, one a suite, and checks against Debian's archive keyring; nothing of the
# system's is read but its proxy settings, and nothing is changed.
#
# RINGSHOT_DEBIAN: another mirror of Debian (default http://deb.debian.org/debian).

readonly DEBIAN_ARCHIVE=${RINGSHOT_DEBIAN:-http://deb.debian.org/debian}
readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
debian_reason= # why the last call failed, in one line

# Whether packages can be fetched here at all, and the tools $@ are there too.
debian_at_hand() {
  local tool
  for tool in apt-get apt-cache apt-config dpkg dpkg-deb "$@"; do
    command -v "$tool" >/dev/null && continue
    debian_reason="$tool is not installed"
    return 1
  done
  [[ -r $DEBIAN_KEYRING ]] && return
  debian_reason="$DEBIAN_KEYRING is not there; install debian-archive-keyring"
  return 1
}

# Reads the lists of suite $1, once.
debian_open() {
  local root=$debian_work/$1
  [[ ! -e $root/opened ]] || return 0
  mkdir -p "$root"/{etc/preferences.d,etc/apt.conf.d,lists/partial,archives/partial}
  : >"$root/status"
  echo "deb [signed-by=$DEBIAN_KEYRING arch=$(dpkg --print-architecture)] $DEBIAN_ARCHIVE $1 main" >"$root/etc/sources.list"
  apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https)::Proxy ' >"$root/apt.conf" || true
  cat >>"$root/apt.conf" <<CONF
Dir::Etc "$root/etc";
Dir::Etc::SourceList "$root/etc/sources.list";
Dir::Etc::SourceParts "$root/etc/none";
Dir::Etc::Trusted "$DEBIAN_KEYRING";
Dir::Etc::TrustedParts "$root/etc/none";
Dir::Etc::Parts "$root/etc/apt.conf.d";
Dir::State "$root";
Dir::State::Lists "$root/lists";
Dir::State::Status "$root/status";
Dir::Cache "$root";
Dir::Cache::Archives "$root/archives";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
CONF
  debian_apt "$1" apt-get -qq update && touch "$root/opened"
}

# Runs the command $2… in suite $1, quietly; what it says goes to `debian_reason` when it fails.
debian_apt() {
  local suite=$1
  shift
  APT_CONFIG=$debian_work/$suite/apt.conf "$@" >"$debian_work/log" 2>&1 && return
  debian_reason=$(grep -m 1 -E '^(E|W|Err)' "$debian_work/log" || tail -n 1 "$debian_work/log")
  return 1
}

# Prints the version of package $2 in suite $1, or nothing.
debian_version() {
  APT_CONFIG=$debian_work/$1/apt.conf apt-cache policy "$2" | sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p'
}

# Prints the names of the packages of suite $1 that match the expression $2.
debian_names() {
  APT_CONFIG=$debian_work/$1/apt.conf apt-cache pkgnames | grep -E "$2" || true
}

# Fetches packages $3… (NAME or NAME=VERSION) of suite $1 and unpacks them into the folder $2.
debian_unpack() {
  local suite=$1 target=$2 package
  shift 2
  rm -rf -- "$debian_work/packages"
  mkdir -p "$debian_work/packages" "$target"
  (cd "$debian_work/packages" && debian_apt "$suite" apt-get -qq download "$@") || {
    debian_reason=$(tail -n 1 "$debian_work/log")
    return 1
  }
  for package in "$debian_work"/packages/*.deb; do
    dpkg -x "$package" "$target" && continue
    debian_reason="${package##*/} cannot be unpacked; is the disk full?"
    return 1
  done
  rm -rf -- "$debian_work/packages"
}
