namespace DeconvNet.Weights.Formats;

/// <summary>Format of a weights file.</summary>
public enum WeightsFormat
{
    /// <summary>Named tensors after a JSON header (<c>.safetensors</c>).</summary>
    Safetensors,

    /// <summary>A Caffe net with weights (<c>.caffemodel</c>), in the old or new format.</summary>
    Caffemodel,

    /// <summary>A checkpoint of <c>torch.save</c> (<c>.pt</c>, <c>.pth</c>): the zip format, or the format before PyTorch 1.6.</summary>
    PyTorch,

    /// <summary>A NumPy array (<c>.npy</c>) or an archive of arrays (<c>.npz</c>).</summary>
    Numpy,
}
