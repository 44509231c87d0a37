using System.Runtime.InteropServices;
using DeconvNet.Training.Ranks;

namespace DeconvNet.Tests.Training;

/// <summary>Ranks as threads of this process. Sums are computed in the order of the ranks, whichever arrives first; a rank that waits too long throws.</summary>
internal sealed class ThreadRanks(int size)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(int Rank, int Call), float[]> parts = [];
    private readonly ManualResetEventSlim[] given = [.. Enumerable.Range(0, size).Select(_ => new ManualResetEventSlim())];

    public IEnumerable<ICommunicator> All => Enumerable.Range(0, size).Select(rank => new Member(this, rank));

    private float[] PartOf(int rank, int call)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            lock (gate)
            {
                if (parts.TryGetValue((rank, call), out var part))
                    return part;
                given[rank].Reset();
            }

            if (!given[rank].Wait(until - DateTime.UtcNow is { Ticks: > 0 } left ? left : TimeSpan.Zero))
                throw new TimeoutException($"Rank {rank} did not come to call {call}.");
        }
    }

    private sealed class Member(ThreadRanks ranks, int rank) : ICommunicator
    {
        private int calls;

        public int Rank => rank;

        public int Size => ranks.given.Length;

        public void Sum(Span<float> values)
        {
            var call = Give(values.ToArray());
            values.Clear();
            for (var other = 0; other < Size; other++)
            {
                var part = ranks.PartOf(other, call);
                Assert.Equal(values.Length, part.Length);
                for (var i = 0; i < part.Length; i++)
                    values[i] += part[i];
            }
        }

        public void Broadcast(Span<byte> bytes, int root)
        {
            var padded = new float[(bytes.Length + 3) / 4];
            bytes.CopyTo(MemoryMarshal.AsBytes(padded.AsSpan()));
            var told = ranks.PartOf(root, Give(padded));
            Assert.Equal(padded.Length, told.Length);
            MemoryMarshal.AsBytes(told.AsSpan())[..bytes.Length].CopyTo(bytes);
        }

        private int Give(float[] part)
        {
            lock (ranks.gate)
                ranks.parts[(rank, calls)] = part;
            ranks.given[rank].Set();
            return calls++;
        }
    }
}
