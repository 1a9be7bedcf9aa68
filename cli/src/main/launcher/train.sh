# Runs the default guest once in the background, to leave what the JVM learns of it in an AOT cache.
# Usage: train.sh PID JDK CLASS_PATH CACHE AOT. Waits until that process is gone, so as not to be in its way.

pid=$1 jdk=$2 class_path=$3 cache=$4 aot=$5

while kill -0 "$pid" 2>/dev/null; do sleep 1; done
[ -d "$cache/guests-2" ] || exit 0
# One at a time, and one attempt for each program.
(set -C && : >"$aot.tried") 2>/dev/null || exit 0
nice -n 19 "$jdk/bin/java" "-XX:AOTCacheOutput=$aot.new" --sun-misc-unsafe-memory-access=allow \
    --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:-UsePerfData -cp "$class_path" "-Dsojourn.cache=$cache" \
    dev.sojourn.cli.Main run --memory 256M --timeout 120s -- true
[ -f "$aot.new" ] && mv "$aot.new" "$aot"
rm -f "$aot.new.config"
