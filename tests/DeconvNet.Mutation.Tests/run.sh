#!/usr/bin/env bash
# Mutation testing of the arithmetic that matters: run.sh [NAME...] (all names without one). Fails where a score is below 85 %.
# Reports stand in artifacts/mutation/NAME.
set -euof pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 GOMP_SPINCOUNT=0 MSBUILDDISABLENODEREUSE=1
dotnet tool restore >/dev/null

# name | project | files that are mutated | files of tests
targets='
unpool     | DeconvNet.Core     | **/Networks/MaxUnpool2d*.cs              | ../DeconvNet.Core.Tests/Networks/MaxUnpool2d*.cs
merge      | DeconvNet.Pipeline | **/Segmentation/ScoreAccumulator.cs      | ../DeconvNet.Core.Tests/Segmentation/ScoreAccumulator*.cs
confusion  | DeconvNet.Pipeline | **/Evaluation/Metrics/ConfusionMatrix*.cs        | ../DeconvNet.Core.Tests/Evaluation/ConfusionMatrix*.cs
resampling | DeconvNet.Pipeline | **/Imaging/Resampling/*.cs               | ../DeconvNet.Core.Tests/Imaging/Resampling*.cs;../DeconvNet.Core.Tests/Imaging/DataLayer*.cs
boxes      | DeconvNet.Pipeline | **/Proposals/Search/*S*lection.cs,**/Proposals/Search/*Suppression.cs,**/Proposals/Search/KeptWindows.cs | ../DeconvNet.Core.Tests/Proposals/BoxSelection*.cs;../DeconvNet.Core.Tests/Proposals/WindowSuppression*.cs
'
failed=0
while IFS='|' read -r name project files tests; do
    name=${name// /} project=${project// /} files=${files// /} tests=${tests// /}
    [ -n "$name" ] || continue
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    mutate=()
    for pattern in ${files//,/ }; do mutate+=(--mutate "$pattern"); done
    rm -rf bin obj
    echo "== $name"
    # MSBuild reads the environment: which tests the project has.
    MutationTests=$tests dotnet dotnet-stryker --project "$project.csproj" "${mutate[@]}" \
        --output "../../artifacts/mutation/$name" --break-at 85 --threshold-low 85 --threshold-high 95 || failed=1
done <<<"$targets"
exit $failed
