using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeconvNet.Crf.Lattice;

/// <summary>Adjacent floats that are processed together. The filter is generic over their number.</summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(ref float source);

    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary><c>a · b + c</c>, with one or two roundings.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Spread(float value);

    void Store(ref float target);
}

internal readonly struct Lane(float value) : ILanes<Lane>
{
    private readonly float value = value;

    public static int Count => 1;

    public static Lane Load(ref float source) => new(source);

    public static Lane Add(Lane a, Lane b) => new(a.value + b.value);

    public static Lane MultiplyAdd(Lane a, Lane b, Lane c) => new(float.MultiplyAddEstimate(a.value, b.value, c.value));

    public static Lane Spread(float value) => new(value);

    public void Store(ref float target) => target = value;
}

internal readonly struct Lanes8(Vector256<float> value) : ILanes<Lanes8>
{
    private readonly Vector256<float> value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(ref float source) => new(Vector256.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Add(Lanes8 a, Lanes8 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.MultiplyAddEstimate(a.value, b.value, c.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Spread(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target) => value.StoreUnsafe(ref target);
}

/// <summary>Two sets of lanes side by side: 16 are <c>Joined&lt;Lanes8, Lanes8&gt;</c>.</summary>
internal readonly struct Joined<TFirst, TSecond>(TFirst first, TSecond second) : ILanes<Joined<TFirst, TSecond>>
    where TFirst : struct, ILanes<TFirst>
    where TSecond : struct, ILanes<TSecond>
{
    private readonly TFirst first = first;
    private readonly TSecond second = second;

    public static int Count => TFirst.Count + TSecond.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joined<TFirst, TSecond> Load(ref float source)
        => new(TFirst.Load(ref source), TSecond.Load(ref Unsafe.Add(ref source, TFirst.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joined<TFirst, TSecond> Add(Joined<TFirst, TSecond> a, Joined<TFirst, TSecond> b)
        => new(TFirst.Add(a.first, b.first), TSecond.Add(a.second, b.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joined<TFirst, TSecond> MultiplyAdd(Joined<TFirst, TSecond> a, Joined<TFirst, TSecond> b, Joined<TFirst, TSecond> c)
        => new(TFirst.MultiplyAdd(a.first, b.first, c.first), TSecond.MultiplyAdd(a.second, b.second, c.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joined<TFirst, TSecond> Spread(float value) => new(TFirst.Spread(value), TSecond.Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target)
    {
        first.Store(ref target);
        second.Store(ref Unsafe.Add(ref target, TFirst.Count));
    }
}
