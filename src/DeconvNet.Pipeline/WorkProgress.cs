namespace DeconvNet;

/// <summary>Progress of a task. Tasks with more to report derive from this record, so that one listener can handle all of them.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Total number of steps; 0 if there is nothing to do.</param>
public record WorkProgress(int Done, int Total)
{
    /// <summary>The fraction done, 0 … 1.</summary>
    public double Fraction => Total == 0 ? 1 : (double)Done / Total;
}

/// <summary>Reports the progress of a subtask as part of the whole.</summary>
internal sealed class PartProgress : IProgress<WorkProgress>
{
    private readonly IProgress<WorkProgress> whole;
    private readonly int before;
    private readonly int steps;
    private readonly int total;

    private PartProgress(IProgress<WorkProgress> whole, int before, int steps, int total) =>
        (this.whole, this.before, this.steps, this.total) = (whole, before, steps, total);

    /// <summary>A listener for the steps from <paramref name="before"/> to <paramref name="before"/> + <paramref name="steps"/>; null if there is no listener for the whole.</summary>
    public static PartProgress? Of(IProgress<WorkProgress>? whole, int before, int steps, int total) =>
        whole is null ? null : new PartProgress(whole, before, steps, total);

    public void Report(WorkProgress value) => whole.Report(new WorkProgress(before + (int)Math.Round(value.Fraction * steps), total));
}
