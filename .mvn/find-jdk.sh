# Sourced by ./millrace and ./mvnw. find_jdk N prints the home of a JDK of version N or newer.

jdk_folders() {
  echo "/usr/lib/jvm/* /opt/java/* /opt/jdk* $HOME/.sdkman/candidates/java/* $HOME/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home"
}

jdk_version() { # prints the feature version of the JDK in folder $1; reads its release file, starts nothing
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  _path_java=$(command -v java 2>/dev/null || true)
  _path_home=
  if [ -n "$_path_java" ]; then
    _path_home=$(dirname "$(dirname "$(readlink -f "$_path_java")")")
  fi
  # Word splitting and globbing are wanted here: each folder is tried in turn.
  for _home in "${JAVA_HOME:-}" "$_path_home" $(jdk_folders); do
    _version=$(jdk_version "$_home") || continue
    if [ -n "$_version" ] && [ "$_version" -ge "$1" ]; then
      echo "$_home"
      return 0
    fi
  done
  return 1
}
