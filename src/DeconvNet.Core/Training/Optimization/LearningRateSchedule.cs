namespace DeconvNet.Training.Optimization;

/// <summary>Learning rate schedule: linear warm-up, then step decay or cosine decay. Immutable.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>Maximum learning rate, above 0.</summary>
    public required double BaseRate { get; init; }

    /// <summary>Number of warm-up steps, over which the rate rises linearly from near 0; at least 0. Default 0.</summary>
    public int WarmUp { get; init; }

    /// <summary>Number of steps between two drops, at least 1; <see langword="null"/> for cosine decay to 0 at the end of the stage.</summary>
    public int? StepEvery { get; init; }

    /// <summary>Factor by which the rate is multiplied at each drop, above 0, at most 1. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Step decay, as published: the rate is multiplied by 0.1 every <paramref name="every"/> steps.</summary>
    public static LearningRateSchedule Step(double baseRate, int every) => new() { BaseRate = baseRate, StepEvery = every };

    /// <summary>Cosine decay from <paramref name="baseRate"/> to 0 over the stage.</summary>
    public static LearningRateSchedule Cosine(double baseRate, int warmUp = 0) => new() { BaseRate = baseRate, WarmUp = warmUp };

    /// <summary>The learning rate of step <paramref name="iteration"/>, counted from 0, of <paramref name="iterations"/>.</summary>
    public double RateAt(int iteration, int iterations)
    {
        if (iteration < WarmUp)
            return BaseRate * (iteration + 1) / (WarmUp + 1);
        if (StepEvery is { } every)
            return BaseRate * Math.Pow(Gamma, iteration / every);
        var share = (double)(iteration - WarmUp) / Math.Max(1, iterations - WarmUp);
        return BaseRate * (1 + Math.Cos(Math.PI * Math.Min(1, share))) / 2;
    }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(BaseRate > 0 && double.IsFinite(BaseRate), this, BaseRate, "above 0");
        OptionValue.Require(WarmUp >= 0, this, WarmUp, "0 or more");
        OptionValue.Require(StepEvery is null or >= 1, this, StepEvery, "at least 1");
        OptionValue.Require(Gamma is > 0 and <= 1, this, Gamma, "above 0, at most 1");
    }
}
