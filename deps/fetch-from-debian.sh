#!/bin/sh
# Downloads the upstream tarball of a Debian source package (suite trixie) into a directory, and prints its path.
# It uses the machine's own Debian mirror with private lists, so nothing on the system changes.
# Usage: fetch-from-debian.sh PACKAGE DIRECTORY
set -eu
package=$1
directory=$2

fail() { echo "$1" >&2; exit 1; }
command -v apt-get > /dev/null || fail "apt-get is not there: this is not a Debian machine"

# The archive's address and keyring, from the first Debian source that offers the main component.
set -- $(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2> /dev/null | awk '
  /^(#|[[:space:]]*$)/ { next }
  $1 == "deb" {
    for (i = 2; i <= NF; i++) if ($i ~ /^(https?|mirror\+[a-z]+):/ && $i !~ /security/) { print $i; exit }
  }
  $1 == "URIs:" && $0 !~ /security/ { uri = $2 }
  $1 == "Signed-By:" && uri != "" { print uri, $2; exit }
')
uri=${1:-}
keyring=${2:-/usr/share/keyrings/debian-archive-keyring.gpg}
[ -n "$uri" ] || fail "no Debian archive is configured under /etc/apt"

mkdir -p "$directory/lists/partial" "$directory/tarballs"
echo "deb-src [signed-by=$keyring] $uri trixie main" > "$directory/sources.list"
apt() {
  apt-get -qq -o Dir::Etc::SourceList="$directory/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$directory/lists" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
[ -f "$directory/lists.ready" ] || { apt update >&2 && touch "$directory/lists.ready"; }
cd "$directory/tarballs"
apt source --download-only --tar-only "$package/trixie" >&2
for tarball in "$PWD/${package}_"*.orig.tar.*; do
  case $tarball in *.asc) ;; *) echo "$tarball"; exit 0 ;; esac
done
fail "apt-get source brought no tarball for $package"
