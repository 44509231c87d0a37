#!/usr/bin/env bash
# The Windows check, on Linux: publishes the unit tests and SegmentImage for win-x64 and runs them under wine (Debian's packages wine and wine64).
# The labels of a photo must equal those of Linux, pixel for pixel; the console must get the table's lines as they are.
# Needs a built SegmentImage (dotnet build -c Release samples/SegmentImage). Usage: windows.sh FOLDER, which it may fill with 1.5 GB.
# Exit code 77: skipped, with the reason as the last line.
set -uo pipefail
[ $# -eq 1 ] || { echo "Usage: windows.sh FOLDER"; exit 2; }
mkdir -p "$1" && out=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

skip() { echo "$1"; exit 77; }

if ! command -v wine >/dev/null; then
    # As root of a Debian machine it can be had in a minute; nobody else's machine is changed.
    if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        (timeout 60 apt-get update -qq; DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install -y -qq --no-install-recommends wine wine64) >"$out/install.log" 2>&1
    fi
    command -v wine >/dev/null || skip "wine is not installed (packages wine and wine64)"
fi

# Wine's own noise off; no second mapping of code pages, which wine lacks; no binding of OpenMP threads to cores, which wine lacks too.
export WINEPREFIX=$out/prefix WINEDEBUG=-all DISPLAY= DOTNET_EnableWriteXorExecute=0 KMP_AFFINITY=disabled
# Wine's server must not outlive the check.
trap 'wineserver -k >/dev/null 2>&1' EXIT

windows_path() { echo "Z:${1//\//\\}"; }

publish() {
    dotnet publish "$1" -c Release -r win-x64 --self-contained -p:UseCurrentRuntimeIdentifier=false -p:RunAnalyzers=false -o "$out/$2" -v q -nologo >"$out/publish-$2.log" 2>&1 && return
    if grep -qE 'NU110[13].*(libtorch-cpu-win-x64|Microsoft\.\w+\.App\.\w+|SkiaSharp)' "$out/publish-$2.log"; then
        skip "no package source has what an application for win-x64 needs"
    fi
    cat "$out/publish-$2.log"
    exit 1
}

failed=0
fail() { echo "FAILED: $*"; failed=1; }

echo "== SegmentImage"
publish samples/SegmentImage SegmentImage
photo=samples/photos/cat.jpg
timeout 240 wine "$out/SegmentImage/SegmentImage.exe" "$(windows_path "$root/$photo")" -o "$(windows_path "$out/windows.png")" --overlay "$(windows_path "$out/windows-overlay.png")" >"$out/windows.txt" 2>"$out/windows.err" </dev/null ||
    { fail "SegmentImage under wine: exit code $?"; tail "$out/windows.txt" "$out/windows.err"; }
dotnet run -c Release --no-build --project samples/SegmentImage -- "$photo" -o "$out/linux.png" --overlay "$out/linux-overlay.png" >"$out/linux.txt" 2>"$out/linux.err" </dev/null ||
    { fail "SegmentImage here: exit code $?"; cat "$out/linux.err"; }
cmp "$out/windows.png" "$out/linux.png" || fail "the labels differ"
[ "$(sed -n '/─\|│/p' "$out/windows.txt" | wc -l)" -ge 5 ] && iconv -f UTF-8 -t UTF-8 "$out/windows.txt" >/dev/null || { fail "the table's lines do not reach the console"; cat "$out/windows.txt"; }
# Over a file that is there already, and a name with letters of several scripts.
timeout 240 wine "$out/SegmentImage/SegmentImage.exe" "$(windows_path "$root/$photo")" -o "$(windows_path "$out/windows.png")" --max-proposals 2 --overlay "$(windows_path "$out/фото ä.png")" >"$out/again.txt" 2>&1 </dev/null &&
    [ -s "$out/фото ä.png" ] || { fail "SegmentImage over its own output"; cat "$out/again.txt"; }

echo "== unit tests"
publish tests/DeconvNet.Core.Tests tests
# Where the shared reference data is at hand it is used, as in every run of the tests.
shared=${DECONVNET_SHARED:-$(dirname "$root")/shared}
[ -d "$shared" ] && export DECONVNET_SHARED="$(windows_path "$shared")" || unset DECONVNET_SHARED
for namespace in ${WINDOWS_NAMESPACES:-Imaging Proposals Data Evaluation Weights Crf Segmentation Networks}; do
    # One test after another: under wine 8 two at a time can hang.
    (cd "$out/tests" && timeout 300 wine ./DeconvNet.Core.Tests.exe -noColor -parallelMode none -reporter verbose -namespace "DeconvNet.Tests.$namespace") >"$out/tests-$namespace.txt" 2>&1 </dev/null
    code=$?
    grep '  Total: ' "$out/tests-$namespace.txt" | sed "s/DeconvNet.Core.Tests /$namespace/" || true
    if [ $code -ne 0 ]; then
        fail "$namespace: exit code $code"
        sed -n '/\[FAIL\]/,/\[FINISHED\]/p' "$out/tests-$namespace.txt"
        tail -n 2 "$out/tests-$namespace.txt"
    fi
done
exit $failed
