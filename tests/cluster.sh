#!/usr/bin/env bash
# A cluster on one machine: three Slurm nodes segment photos, one of them is lost on the way; ranks train over MPI on two nodes, over a network between two network
# namespaces, and with a rank that is killed, stuck, or has no room to write. Ends with exit code 0, or 77 with the reason as the last line where the tools are missing.
# Needs root, and apt unless openmpi-bin, slurm-wlm and munge are installed. Every wait is bounded, and what was started is ended.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

skip() { echo "$1"; exit 77; }

[ "$(uname -s)" = Linux ] || skip "a cluster is set up on Linux only"
[ "$(id -u)" = 0 ] || skip "Slurm nodes are started by root only"
needed=(mpirun sbatch slurmctld slurmd munged ip)
installed() { for tool in "${needed[@]}"; do command -v "$tool" >/dev/null || return 1; done; }
if ! installed; then
    command -v apt-get >/dev/null || skip "openmpi, slurm-wlm and munge are not installed, and there is no apt"
    export DEBIAN_FRONTEND=noninteractive
    { timeout 30 apt-get update -q && timeout 60 apt-get install -y -q --no-install-recommends openmpi-bin slurm-wlm munge libpmix-dev iproute2; } </dev/null >/dev/null 2>&1 && installed ||
        skip "openmpi, slurm-wlm and munge cannot be installed with apt, or not in a minute"
fi
# MPICH may be installed beside it, and be what mpirun means.
openmpi=$(command -v mpirun.openmpi || command -v mpirun)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 GOMP_SPINCOUNT=0 OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
training=Train
work=$(mktemp -d "${TMPDIR:-/tmp}/deconvnet-cluster.XXXXXX")
# Whatever carries the folder of this run in its environment was started by it, however far away from this shell.
export DECONVNET_CLUSTER=$work
mine() { grep -lzx "DECONVNET_CLUSTER=$work" /proc/[0-9]*/environ 2>/dev/null | sed 's:/proc/::; s:/environ::' | grep -vx -e $$ -e $BASHPID || true; }
namespaces=()
finish() {
    local status=$? process space
    set +e
    trap - EXIT
    for process in $(mine); do kill -9 "$process" 2>/dev/null; done
    for space in "${namespaces[@]}"; do ip netns delete "$space"; done
    umount "$work/full" 2>/dev/null
    [ $status -eq 0 ] || tail -n 15 "$work"/*.log "$work"/log/*.log
    rm -rf "$work"
    [ $status -eq 0 ] && echo "cluster: all in order, $((SECONDS - began)) s"
    exit $status
}
trap finish EXIT
trap 'exit 124' HUP INT TERM
began=$SECONDS
for sample in SegmentImage EvaluateVoc $training; do
    timeout 180 dotnet build -c Release -v q -p:RunAnalyzers=false "samples/$sample" >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }
done
program() { find "$root/samples/$1/bin/Release" -name "$1.dll" -path '*linux*' | head -n 1; }
segment="dotnet $(program SegmentImage)"
train="dotnet $(program $training)"
# Outside the repository, whose build files are for its projects.
cp tests/cluster/compare.cs "$work/"
timeout 60 dotnet build -v q "$work/compare.cs" -o "$work/compare" >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }

began=$SECONDS
passed() { echo "passed: $1 ($((SECONDS - since)) s)"; since=$SECONDS; }
failed() { echo "FAILED: $1"; exit 1; }
since=$SECONDS

# within SECONDS COMMAND...: waits until the command succeeds.
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || failed "waited too long for: $*"
        sleep 0.2
    done
}

# The photos, four times each, and what one process finds in them.
mkdir -p "$work"/{photos,log,state,voc/{JPEGImages,SegmentationClass,ImageSets/Segmentation}}
for photo in samples/photos/*.jpg; do
    for copy in 1 2 3 4; do cp "$photo" "$work/photos/$(basename "$photo" .jpg)-$copy.jpg"; done
done
timeout 120 $segment "$work/photos" -o "$work/single" --method fcn8s >"$work/single.log" 2>&1 || failed "one process segments the photos"
passed "One process segments the photos"

# Three nodes.
host=$(hostname -s)
cat >"$work/slurm.conf" <<EOF
ClusterName=deconvnet
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.sock
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
MpiDefault=none
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool.%n
TmpFS=$work/tmp.%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.%n.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd.%n.log
SlurmdParameters=config_overrides
SlurmdTimeout=10
SlurmctldTimeout=10
InactiveLimit=0
KillWait=2
ReturnToService=2
JobRequeue=1
MailProg=/bin/true
NodeName=n[1-3] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17003] CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n' >"$work/cgroup.conf"
export SLURM_CONF=$work/slurm.conf
(umask 077 && head -c 1024 /dev/urandom >"$work/munge.key")
chmod 755 "$work"
timeout 20 munged --force --key-file="$work/munge.key" --socket="$work/munge.sock" --pid-file="$work/munged.pid" --log-file="$work/log/munged.log" --seed-file="$work/munge.seed"
timeout 20 slurmctld -c
for node in n1 n2 n3; do
    mkdir -p "$work/spool.$node" "$work/tmp.$node"
    timeout 20 slurmd -N $node
done
up() { [ "$(sinfo -h -N -t idle -o %N | sort -u | wc -l)" -eq "$1" ]; }
within 30 up 3
passed "Three nodes are up"

# Four parts; the node of the second one is lost while it works.
export SEGMENT_IMAGE=$segment TRAIN=$train
job=$(cd "$work" && sbatch --parsable --array=1-4 "$root/deploy/slurm/segment.sbatch" "$work/photos" "$work/parts" --method fcn8s)
runs() { [ "$(squeue -h -j "$1" -o %T)" = RUNNING ]; }
within 30 runs "${job}_2"
lost=$(squeue -h -j "${job}_2" -o %N)
kill -9 "$(cat "$work/slurmd.$lost.pid")"
scontrol update nodename="$lost" state=down reason="lost in a test"
echo "node $lost is lost"

# A job whose node was lost is held for two minutes.
ended() {
    local task
    for task in $(squeue -h -t PENDING -j "$job" -r -o %i 2>/dev/null); do scontrol update jobid="$task" starttime=now; done
    [ -z "$(squeue -h -j "$job")" ]
}
within 90 ended
timeout 60 $segment "$work/photos" -o "$work/parts" --method fcn8s --merge >"$work/merge.log" 2>&1 || failed "the parts are complete"
for labels in "$work"/single/*.png; do
    cmp "$labels" "$work/parts/$(basename "$labels")" || failed "the parts equal the single run"
done
rm -r "$work/parts/shard-3-of-4"
if timeout 60 $segment "$work/photos" -o "$work/parts" --method fcn8s --merge >"$work/merge.log" 2>&1; then failed "a missing part is noticed"; fi
grep -q "not finished: 3/4" "$work/merge.log" || failed "the missing part is named"
job=$(cd "$work" && PARTS=4 sbatch --parsable --array=3 "$root/deploy/slurm/segment.sbatch" "$work/photos" "$work/parts" --method fcn8s)
within 60 ended
timeout 60 $segment "$work/photos" -o "$work/parts" --method fcn8s --merge >"$work/merge.log" 2>&1 || failed "the missing part was made up for"
passed "Four array tasks, one of them with a lost node, equal a single run bit for bit; a missing part is named and made up for"

# The photos as a data set, with the labels found above for masks.
for photo in "$work"/photos/*-1.jpg; do
    name=$(basename "$photo" .jpg)
    cp "$photo" "$work/voc/JPEGImages/"
    cp "$work/single/$name.png" "$work/voc/SegmentationClass/"
    echo "$name" >>"$work/voc/ImageSets/Segmentation/train.txt"
done

evaluate="dotnet $(program EvaluateVoc)"
export EVALUATE_VOC=$evaluate
measure=(--set train --method fcn8s)
timeout 120 $evaluate --voc "$work/voc" "${measure[@]}" --out "$work/measured-alone" >"$work/evaluate.log" 2>&1 || failed "one process evaluates"
job=$(cd "$work" && sbatch --parsable --array=1-2 "$root/deploy/slurm/evaluate.sbatch" "$work/voc" "$work/measured" "${measure[@]}")
within 90 ended
timeout 120 $evaluate --voc "$work/voc" "${measure[@]}" --out "$work/measured" --merge >"$work/evaluate.log" 2>&1 || failed "the parts of an evaluation are merged"
# Everything but the times.
counts() { grep -vi '"[a-z]*\(time\|seconds\)[a-z]*"' "$work/$1/fcn8s/report.json"; }
[ "$(counts measured | wc -l)" -gt 20 ] && [ "$(counts measured-alone)" = "$(counts measured)" ] || failed "the counts of the merged parts equal those of a single run"
passed "The counts of an evaluation in two parts equal those of a single run"

recipe=(--voc "$work/voc" --set train --hold-out 0 --preset fcn8s-compact --recipe published --images 20 --batch 2 --passes 2 --input-size 64 --rate 1e-6 --statistics 4 --checkpoint-every 4)
same() { dotnet "$work/compare/compare.dll" "$work/$1/model.safetensors" "$work/$2/model.safetensors" "$3"; }
timeout 120 $train "${recipe[@]}" --out "$work/alone" >"$work/alone.log" 2>&1 || failed "one process trains"
job=$(cd "$work" && sbatch --parsable --nodes=2 "$root/deploy/slurm/train.sbatch" "${recipe[@]}" --out "$work/nodes")
within 120 ended
[ -e "$work/nodes/model.safetensors" ] || failed "two nodes train"
same alone nodes 1e-6 || failed "two ranks equal one"
passed "Two ranks on two Slurm nodes equal one process to 1e-6 after 20 steps"

ranks="$openmpi --oversubscribe --bind-to none"
timeout 120 $ranks -n 2 $train "${recipe[@]}" --out "$work/again" --mpi >"$work/again.log" 2>&1 || failed "two ranks train under mpirun"
same nodes again 0 || failed "a repeated run is equal bit for bit"
passed "Two ranks under mpirun equal those under Slurm bit for bit"

if command -v mpiexec.mpich >/dev/null && ldconfig -p | grep -q libmpich.so.12; then
    timeout 120 mpiexec.mpich -n 2 $train "${recipe[@]}" --out "$work/mpich" --mpi >"$work/mpich.log" 2>&1 || failed "two ranks train under MPICH"
    grep -q "2 ranks.*libmpich" "$work/mpich.log" || failed "the library of MPICH is used"
    same nodes mpich 0 || failed "MPICH and OpenMPI give the same weights"
    passed "Two ranks under MPICH equal those of OpenMPI bit for bit"
else
    echo "skipped: MPICH, which is not installed"
fi

# lose SIGNAL NAME: two ranks of which the second gets a signal once there is a checkpoint. Fails unless all end with an error in time.
lose() {
    local status=0 second
    timeout 120 $ranks -n 2 $train "${recipe[@]}" --out "$work/$2" --mpi --mpi-timeout 5 >"$work/$2.log" 2>&1 &
    local run=$!
    within 60 [ -e "$work/$2/checkpoint.safetensors" ]
    second=$(grep -lzx OMPI_COMM_WORLD_RANK=1 $(mine | sed 's:.*:/proc/&/environ:') 2>/dev/null | head -n 1 | sed 's:/proc/::; s:/environ::' || true)
    [ -n "$second" ] || failed "rank 1 is found"
    kill "-$1" "$second"
    local stopped=$SECONDS
    wait $run || status=$?
    [ $status -ne 0 ] && [ $status -ne 124 ] && [ $((SECONDS - stopped)) -lt 40 ] || failed "all ranks end after one got $1 (exit code $status)"
    [ ! -e "$work/$2/model.safetensors" ] || failed "the run was over before a rank got $1"
}

lose KILL killed
timeout 120 $ranks -n 2 $train "${recipe[@]}" --out "$work/killed" --mpi >"$work/killed.log" 2>&1 || failed "a run with a killed rank goes on"
same nodes killed 0 || failed "a run that went on equals one that was not disturbed"
passed "A killed rank ends the run, which goes on bit for bit"

lose STOP stuck
grep -q "for the other ranks" "$work/stuck.log" || failed "the waiting rank says why it ends"
timeout 120 $train "${recipe[@]}" --out "$work/stuck" >"$work/stuck.log" 2>&1 || failed "a run with a stuck rank goes on alone"
same alone stuck 1e-6 || failed "a run that went on with one rank equals one"
passed "A stuck rank ends the run, which goes on with one rank"

# A disk with room for one checkpoint of 70 MB, but not for the next beside it.
mkdir "$work/full"
if mount -t tmpfs -o size=110m tmpfs "$work/full" 2>/dev/null; then
    if timeout 120 $ranks -n 2 $train "${recipe[@]}" --out "$work/full" --mpi >"$work/full.log" 2>&1; then failed "a full disk is an error"; fi
    grep -q "Rank 0 failed" "$work/full.log" || failed "the other rank hears of the full disk"
    [ -e "$work/full/checkpoint.safetensors" ] && [ ! -e "$work/full/model.safetensors" ] || failed "the disk was full after the first checkpoint"
    mount -o remount,size=400m "$work/full"
    timeout 120 $ranks -n 2 $train "${recipe[@]}" --out "$work/full" --mpi >"$work/full.log" 2>&1 || failed "a run goes on when there is room again"
    same nodes full 0 || failed "a run that went on after a full disk equals one that was not disturbed"
    passed "A full disk of rank 0 ends both ranks with its message; the run goes on from the last checkpoint bit for bit"
else
    echo "skipped: a full disk, since nothing can be mounted here"
fi

# Two hosts with a cable between them. Everything that the ranks tell each other goes through it.
if ip netns add "dn1-$$" 2>/dev/null && namespaces+=("dn1-$$") && ip netns add "dn2-$$" && namespaces+=("dn2-$$") &&
    ip link add "dn1$$" netns "dn1-$$" type veth peer name "dn2$$" netns "dn2-$$" 2>/dev/null; then
    for i in 1 2; do
        ip -n "dn$i-$$" address add 10.77.0.$i/24 dev "dn$i$$"
        ip -n "dn$i-$$" link set "dn$i$$" up
        ip -n "dn$i-$$" link set lo up
    done
    cat >"$work/agent" <<EOF
#!/bin/bash
# What mpirun calls as: agent HOST COMMAND...
host=\$1; shift
exec ip netns exec "dn\${host##*.}-$$" unshare --uts bash -c 'hostname "dn-\$0"; exec bash -c "\$1"' "\${host##*.}" "\$*"
EOF
    chmod +x "$work/agent"
    timeout 120 "$work/agent" 10.77.0.1 "$ranks --host 10.77.0.1,10.77.0.2 -n 2 --mca plm_rsh_agent $work/agent --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 -x DECONVNET_CLUSTER -x OMP_NUM_THREADS -x GOMP_SPINCOUNT $train ${recipe[*]} --out $work/network --mpi" >"$work/network.log" 2>&1 ||
        failed "two hosts train"
    sent=$(ip netns exec "dn1-$$" cat "/sys/class/net/dn1$$/statistics/tx_bytes" 2>/dev/null || ip -n "dn1-$$" -s -j link show "dn1$$" | grep -o '"tx":{"bytes":[0-9]*' | grep -o '[0-9]*$')
    same nodes network 0 || failed "two hosts equal two ranks on one"
    [ "$sent" -gt 10000000 ] || failed "the gradients went through the network ($sent bytes did)"
    passed "Two hosts with a network between them equal two ranks on one bit for bit; $((sent / 1000000)) MB were sent"
else
    echo "skipped: two hosts with a network between them, since network namespaces cannot be made here"
fi
