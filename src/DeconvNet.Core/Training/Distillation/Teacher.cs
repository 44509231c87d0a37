using DeconvNet.Networks;

namespace DeconvNet.Training.Distillation;

/// <summary>A layer of the network in training, and the layer of the teacher's network whose output it imitates.</summary>
/// <param name="Student">Name of a layer of the network in training, such as <c>conv4_3</c>.</param>
/// <param name="Teacher">Name of a layer of the teacher's network.</param>
public sealed record ImitatedLayer(string Student, string Teacher);

/// <summary>What a network learns from beside class masks. Immutable; checked when a trainer is made.</summary>
public sealed record Teacher
{
    /// <summary>
    /// A class distribution for the pixels of photos; see <see cref="Stages.TrainingStage.SoftTargetFraction"/>. With it, photos without a class mask are learned from too.
    /// Default <see langword="null"/>: masks only.
    /// </summary>
    public SoftTargets? SoftTargets { get; init; }

    /// <summary>
    /// A trained network whose features are imitated; see <see cref="Stages.TrainingStage.ImitationWeight"/>. It has the preprocessing of the network in training and is on the
    /// same device. It runs in evaluation mode, is not changed, and stays the caller's. Default <see langword="null"/>: none.
    /// </summary>
    public SegmentationModel? Model { get; init; }

    /// <summary>Which layers imitate which of <see cref="Model"/>; each layer of the network in training at most once. Default none.</summary>
    public IReadOnlyList<ImitatedLayer> Layers
    {
        get;
        init => field = value is null ? null! : new ValueList<ImitatedLayer>(value);
    }
    = new ValueList<ImitatedLayer>([]);

    /// <summary>Throws unless the teacher fits a network.</summary>
    /// <param name="student">The network in training.</param>
    /// <param name="sizes">Sides of the input for which its layers imitate the teacher's.</param>
    internal void Validate(SegmentationModel student, IEnumerable<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(Layers);
        if (SoftTargets is not null && SoftTargets.ClassCount > student.ClassNames.Count)
            throw new ArgumentException($"The soft targets are of {SoftTargets.ClassCount} classes or more; the network has {student.ClassNames.Count}.");
        if (Model is null)
            return;

        if (Model.Preprocessing != student.Preprocessing)
            throw new ArgumentException($"The teacher's network takes input as {Model.Preprocessing}, the network in training as {student.Preprocessing}; they see the same input.");
        foreach (var (layer, model) in Layers.SelectMany(pair => new[] { (pair.Student, student), (pair.Teacher, Model) }))
        {
            if (model.Layers.All(row => row.Name != layer))
                throw new ArgumentException($"The {(model == student ? "network in training" : "teacher's network")} has no layer '{layer}'; it has {string.Join(", ", model.Layers.Select(row => row.Name))}.");
        }

        if (Layers.Select(pair => pair.Student).Distinct(StringComparer.Ordinal).Count() != Layers.Count)
            throw new ArgumentException("A layer imitates two layers of the teacher's network.");
        foreach (var size in sizes)
        {
            if (Model.FixedInputSize is { } only && only != size)
                throw new ArgumentException($"A stage has input of {size} pixels; the teacher's network takes {only} only.");
        }
    }
}
