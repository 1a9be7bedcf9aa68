# Finds a JDK 25 or newer; read by the launcher and by the check script. Sets jdk to its folder, or to nothing.

jdk_wanted=25

# Whether a folder holds such a JDK, by its release file, or else by asking it.
is_jdk() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    version=
    if [ -r "$1/release" ]; then
        while IFS= read -r line; do
            case $line in JAVA_VERSION=*) version=${line#JAVA_VERSION=\"} ;; esac
        done <"$1/release"
    else
        version=$("$1/bin/javac" -version 2>/dev/null) || return 1
        version=${version#javac }
    fi
    version=${version%%[!0-9]*}
    [ -n "$version" ] && [ "$version" -ge $jdk_wanted ]
}

find_jdk() {
    jdk=
    on_path=
    if command -v java >/dev/null 2>&1; then
        on_path=$(readlink -f "$(command -v java)")
        on_path=${on_path%/bin/java}
    fi
    for jdk in "${SOJOURN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
        [ -n "$jdk" ] && is_jdk "$jdk" && return 0
    done
    jdk=
    return 1
}

no_jdk="Sojourn needs a JDK $jdk_wanted or newer, and none was found; install one or set SOJOURN_JAVA_HOME to its folder."
