#!/bin/sh
# Called by Maven once the jars are made: puts them where ./millrace looks and makes the JDK's AOT cache for them.
#   install.sh TARGET_FOLDER CLI_JAR BUILD_TIME
# A new install is made beside the old one and takes its place by one rename, so that a build that stops half way
# changes nothing.
set -eu
target=$1
jar=$2
build_time=$3
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/../../../.mvn/find-jdk.sh"
jdk=$(find_jdk 25) || { echo "millrace: no JDK 25 or newer found" >&2 && exit 1; }

# The AOT cache holds only for the collector and the object layout that it was made with.
options=$(sed -e '/^#/d' "$here/java-options" | tr '\n' ' ')
up_options=$(sed -e '/^#/d' "$here/java-options-up" | tr '\n' ' ')

# One install at a time, whoever builds: ./millrace or Maven itself.
if command -v flock >/dev/null 2>&1; then
  exec 8<"$here/install.sh"
  flock 8
fi

installs=$target/install
current=$installs/current
mkdir -p "$installs"
cp "$target/$jar" "$target/dist/lib/millrace-cli.jar"
for old_classes in "$target"/dist/lib/picocli-*.jar; do
  "$jdk/bin/java" "$here/ModernClasses.java" "$old_classes"
done

point_to() { # makes install $1 the current one, as old as the build's beginning
  printf 'jdk=%s\ninstall=%s\noptions="%s"\nup_options="%s"\n' "$jdk" "$1" "$options" "$up_options" >"$current.$$"
  touch -d "$build_time" "$current.$$"
  mv "$current.$$" "$current"
}

# Nothing to do where the jars, the options and the JDK are those of the current install.
if [ -r "$current" ]; then
  how="$jdk $options $up_options"
  was=$(. "$current" && [ "$jdk $options $up_options" = "$how" ] && echo "$install") || was=
  if [ -n "$was" ] && [ -f "$installs/$was/millrace.aot" ] && [ -f "$installs/$was/millrace-up.aot" ] &&
    diff -rq "$target/dist/lib" "$installs/$was/lib" >/dev/null 2>&1; then
    point_to "$was"
    exit 0
  fi
fi

name=$(date -u +%Y%m%dT%H%M%S)-$$
install=$installs/$name
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'rm -rf "$install"; exit 1' INT TERM HUP
mkdir -p "$install"
cp -p -R "$target/dist/lib" "$install/lib"

train_up() { # the same for the server, which has a cache of its own: mapping its classes would slow every other command
  "$jdk/bin/java" $up_options -XX:AOTCacheOutput="$install/millrace-up.aot" \
    -cp "$install/lib/millrace-cli.jar" io.millrace.cli.Training "$scratch/up" \
    "$here/../../../examples/revenue/user-revenue.yaml" --up \
    >"$target/millrace-training-up.log" 2>&1 </dev/null 8<&-
}

train() { # runs the training class with what is to be learned from; the cache is written when it ends
  "$jdk/bin/java" $options -XX:AOTCacheOutput="$install/millrace.aot" \
    -cp "$install/lib/millrace-cli.jar" io.millrace.cli.Training "$scratch" \
    "$here/../../../examples/revenue-batch/pipeline.yaml" "$@" \
    >"$target/millrace-training.log" 2>&1 </dev/null 8<&-
}

if ! train; then
  rm -rf "$scratch" && mkdir -p "$scratch"
  if train --without-database; then
    echo "millrace: no PostgreSQL could be started while building; see $target/millrace-training.log" >&2
    echo "millrace: the AOT cache knows lint only, so that other commands start a little slower" >&2
  else
    rm -f "$install/millrace.aot"
    echo "millrace: no AOT cache could be made, commands start slower; see $target/millrace-training.log" >&2
  fi
fi
mkdir -p "$scratch/up"
if ! train_up; then
  rm -f "$install/millrace-up.aot"
  echo "millrace: no AOT cache could be made for the server, it starts slower; see $target/millrace-training-up.log" >&2
fi
point_to "$name"

# Installs that no process uses any more.
for old in "$installs"/*/; do
  old=${old%/}
  if [ "$old" != "$install" ] && ! grep -qs "$old/" /proc/[0-9]*/cmdline; then
    rm -rf "$old"
  fi
done
