using static TorchSharp.torch;

namespace DeconvNet.Training.Examples;

/// <summary>Training crops as plain arrays.</summary>
/// <param name="Count">Number of crops N.</param>
/// <param name="Size">Side S.</param>
/// <param name="Images">Preprocessed, <c>[N, 3, S, S]</c>.</param>
/// <param name="Labels">Class ids, 255 = ignore, <c>[N, S, S]</c>.</param>
/// <param name="Soft">The teacher's distributions, <c>[N, classes, S, S]</c>, zero where there is none; <see langword="null"/> without a teacher.</param>
internal sealed record CropBatch(int Count, int Size, float[] Images, byte[] Labels, float[]? Soft = null)
{
    /// <summary>Copies to <paramref name="device"/>: float <c>[N, 3, S, S]</c> and int64 <c>[N, S, S]</c>, in the current dispose scope.</summary>
    public (Tensor Images, Tensor Labels) ToTensors(Device device)
    {
        var images = tensor(Images, [Count, 3, Size, Size]).to(device);
        var labels = tensor(Labels, [Count, Size, Size]).to(device).to(int64);
        return (images, labels);
    }

    /// <summary>Copies <see cref="Soft"/> to <paramref name="device"/>, in the current dispose scope.</summary>
    public Tensor? SoftToTensor(Device device) => Soft is null ? null : tensor(Soft, [Count, Soft.Length / Labels.Length, Size, Size]).to(device);
}
