using DeconvNet.Networks;

namespace DeconvNet.Training.Distillation;

/// <summary>A layer of the student, and the layer of the teacher whose output it imitates.</summary>
/// <param name="Student">Name of a layer of the student, such as <c>conv4_3</c>.</param>
/// <param name="Teacher">Name of a layer of the teacher.</param>
public sealed record ImitatedLayer(string Student, string Teacher);

/// <summary>A teacher for knowledge distillation, in addition to class masks. Immutable; validated when a trainer is created.</summary>
public sealed record Teacher
{
    /// <summary>
    /// Class distributions of the pixels of photos; see <see cref="Stages.TrainingStage.SoftTargetFraction"/>. Photos without a class mask can be trained on too.
    /// Default <see langword="null"/>: masks only.
    /// </summary>
    public SoftTargets? SoftTargets { get; init; }

    /// <summary>
    /// A trained network whose features are imitated; see <see cref="Stages.TrainingStage.ImitationWeight"/>. It must have the preprocessing of the student and be on the
    /// same device. It runs in evaluation mode and is neither changed nor disposed. Default <see langword="null"/>: none.
    /// </summary>
    public SegmentationModel? Model { get; init; }

    /// <summary>The layers that imitate layers of <see cref="Model"/>; each layer of the student at most once. Default none.</summary>
    public IReadOnlyList<ImitatedLayer> Layers
    {
        get;
        init => field = value is null ? null! : new ValueList<ImitatedLayer>(value);
    }
    = new ValueList<ImitatedLayer>([]);

    /// <summary>Throws unless the teacher is compatible with a student.</summary>
    /// <param name="student">The student.</param>
    /// <param name="sizes">Input sizes of the stages with imitation.</param>
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
