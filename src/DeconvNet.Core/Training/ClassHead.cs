using DeconvNet.Imaging;
using DeconvNet.Training.Examples;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DeconvNet.Training;

/// <summary>An auxiliary linear classifier of crops on fc7, used only in training (see <see cref="Stages.TrainingStage.ClassLossWeight"/>).</summary>
internal sealed class ClassHead : IDisposable
{
    private readonly Linear linear;
    private readonly int classCount;
    private readonly Device device;

    public ClassHead(int channels, int classCount, Device device)
    {
        this.classCount = classCount;
        this.device = device;
        linear = nn.Linear(channels, classCount, device: device);
        using var frozen = no_grad();
        nn.init.normal_(linear.weight, 0, 0.01);
        nn.init.zeros_(linear.bias!);
    }

    public IEnumerable<(string Name, Parameter Value)> Parameters => [("class_head.weight", linear.weight), ("class_head.bias", linear.bias!)];

    public void ZeroGradients() => linear.zero_grad();

    /// <summary>Cross-entropy between its prediction for <paramref name="fc7"/> <c>[N, C, h, w]</c> and the class distribution of the foreground.</summary>
    public Tensor Loss(Tensor fc7, CropBatch batch)
    {
        using var scope = NewDisposeScope();
        var shares = tensor(ForegroundShares(batch, classCount), [batch.Count, classCount]).to(device);
        return (shares * nn.functional.log_softmax(linear.forward(Mean(fc7)), 1)).sum(1).mean().neg().MoveToOuterDisposeScope();
    }

    /// <summary>Number of crops whose largest class is predicted correctly.</summary>
    public long CountRight(Tensor fc7, CropBatch batch)
    {
        using var scope = NewDisposeScope();
        var largest = tensor(ForegroundShares(batch, classCount), [batch.Count, classCount]).to(device).argmax(1);
        return linear.forward(Mean(fc7.detach())).argmax(1).eq(largest).sum().ToInt64();
    }

    public void Dispose() => linear.Dispose();

    /// <summary>Average pooling over the map, which is a single value if the network takes crops.</summary>
    private static Tensor Mean(Tensor fc7) => fc7.shape[2] * fc7.shape[3] == 1 ? fc7.flatten(1) : fc7.mean([2, 3]);

    /// <summary>Class distribution of the foreground pixels of each crop, <c>[N, classes]</c>; a crop without foreground is all background.</summary>
    internal static float[] ForegroundShares(CropBatch batch, int classCount)
    {
        var shares = new float[batch.Count * classCount];
        var pixels = batch.Size * batch.Size;
        for (var i = 0; i < batch.Count; i++)
        {
            var row = shares.AsSpan(i * classCount, classCount);
            var foreground = 0;
            if (batch.Soft is not null && !batch.Labels.AsSpan(i * pixels, pixels).ContainsAnyExcept(LabelMap.Void))
            {
                TeachersShares(batch.Soft.AsSpan(i * classCount * pixels, classCount * pixels), pixels, row);
                continue;
            }

            foreach (var label in batch.Labels.AsSpan(i * pixels, pixels))
            {
                if (label is 0 or LabelMap.Void)
                    continue;
                row[label]++;
                foreground++;
            }

            if (foreground == 0)
                row[0] = 1;
            for (var label = 1; label < classCount && foreground > 0; label++)
                row[label] /= foreground;
        }

        return shares;
    }

    /// <summary>The distribution for a crop without labels, from the teacher; less than one pixel of foreground counts as none.</summary>
    private static void TeachersShares(ReadOnlySpan<float> soft, int pixels, Span<float> shares)
    {
        for (var c = 1; c < shares.Length; c++)
            shares[c] = TensorPrimitives.Sum(soft.Slice(c * pixels, pixels));
        var foreground = TensorPrimitives.Sum(shares[1..]);
        if (foreground >= 1)
        {
            TensorPrimitives.Divide(shares[1..], foreground, shares[1..]);
            return;
        }

        shares.Clear();
        shares[0] = 1;
    }
}
