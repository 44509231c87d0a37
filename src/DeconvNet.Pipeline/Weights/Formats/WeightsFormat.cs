namespace DeconvNet.Weights.Formats;

/// <summary>Format of a weights file.</summary>
public enum WeightsFormat
{
    /// <summary>Named tensors behind a JSON header (<c>.safetensors</c>).</summary>
    Safetensors,

    /// <summary>A net with weights of Caffe (<c>.caffemodel</c>), old or new form.</summary>
    Caffemodel,

    /// <summary>A checkpoint of <c>torch.save</c> (<c>.pt</c>, <c>.pth</c>): the zip form, or the form of before PyTorch 1.6.</summary>
    PyTorch,

    /// <summary>One array of NumPy (<c>.npy</c>) or an archive of them (<c>.npz</c>).</summary>
    Numpy,
}
