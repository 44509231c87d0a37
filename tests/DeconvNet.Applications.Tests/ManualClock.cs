namespace DeconvNet.Applications.Tests;

/// <summary>A clock that stands until it is told how much time has passed.</summary>
internal sealed class ManualClock : TimeProvider
{
    public TimeSpan Passed { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Passed.Ticks;
}
