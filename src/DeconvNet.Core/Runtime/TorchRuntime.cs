using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// The native libraries of TorchSharp: whether they can be used, what is missing if not, and which libtorch is loaded.
/// Thread-safe.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static volatile TorchRuntimeReport? report;

    /// <summary>Checks whether networks can run in this process and, if not, what is missing and what to do. The result is cached.</summary>
    /// <remarks>Loads the native libraries before TorchSharp does, since TorchSharp gets only one attempt per process.</remarks>
    public static TorchRuntimeReport Check()
    {
        if (report is { } known)
            return known;

        lock (Gate)
            return report ??= TorchProbe.Run();
    }

    /// <summary>Throws with the message of <see cref="Check"/> if networks cannot run in this process.</summary>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    /// <exception cref="InvalidOperationException">Something is missing or incompatible; the message says what to do.</exception>
    public static void EnsureUsable()
    {
        var state = Check();
        if (state.Problem == TorchRuntimeProblem.UnsupportedPlatform)
            throw new PlatformNotSupportedException(state.Message);
        if (!state.IsUsable)
            throw new InvalidOperationException(state.Message);
    }

    /// <summary>Returns the device with a given name, as used in configuration files and on command lines, and checks that it is available.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> for the second GPU, or <c>auto</c> for a GPU if there is one.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    /// <exception cref="InvalidOperationException">The GPU does not exist, or libtorch cannot be loaded; the message says what to do.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static Device GetDevice(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Split(':');
        var index = 0;
        if (!(name is "auto" or "cpu" or "cuda") && !(parts is ["cuda", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new ArgumentException($"'{name}' is not a device; it must be cpu, cuda, cuda:1 (and so on) or auto.", nameof(name));

        EnsureUsable();
        var count = Check().IsCudaAvailable ? torch.cuda.device_count() : 0;
        if (name == "cpu" || (name == "auto" && count == 0))
            return torch.CPU;
        if (count == 0)
            throw new InvalidOperationException($"There is no GPU for '{name}': {Check().Message} A GPU needs NVIDIA's driver and the backend package TorchSharp-cuda-linux or TorchSharp-cuda-windows.");
        return index < count
            ? new Device(DeviceType.CUDA, index)
            : throw new InvalidOperationException($"There is no GPU for '{name}': there are {count}, counted from cuda:0.");
    }

    /// <summary><see cref="EnsureUsable"/> as the argument of a base constructor: a module of TorchSharp would initialize torch before any statement runs.</summary>
    internal static string Usable(string moduleName)
    {
        EnsureUsable();
        return moduleName;
    }

    /// <summary>
    /// Uses the libtorch in <paramref name="folder"/> instead of a backend package, for instance <c>site-packages/torch/lib</c> of a Python installation.
    /// Must be called before anything uses TorchSharp, in an application without a backend package. The environment variable <c>DECONVNET_LIBTORCH</c> has the same effect.
    /// </summary>
    /// <param name="folder">The folder that contains <c>libtorch_cpu.so</c> (<c>torch_cpu.dll</c>, <c>libtorch_cpu.dylib</c>).</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">The folder does not contain libtorch.</exception>
    /// <exception cref="InvalidOperationException">The application has another libtorch, or this one is incompatible with TorchSharp.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static void UseLibTorch(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}; libtorch's own folder is expected, the one with {NativeFiles.FileName(NativeFiles.TorchLibrary)}.");
        var file = Path.Combine(folder, NativeFiles.FileName(NativeFiles.TorchLibrary));
        if (!File.Exists(file))
            throw new FileNotFoundException($"The folder {folder} holds no libtorch: {Path.GetFileName(file)} is missing.", file);

        lock (Gate)
        {
            if (report is { IsUsable: true } running)
            {
                if (running.LibTorchFolder == ChosenLibTorch.Normalize(folder))
                    return;
                throw new InvalidOperationException($"A libtorch runs in this process already, from {running.LibTorchFolder}; call UseLibTorch before anything uses TorchSharp.");
            }

            ChosenLibTorch.Choose(folder);
            report = null;
        }

        EnsureUsable();
    }

    /// <summary>
    /// Enables or disables oneDNN, which computes convolutions on the CPU in libtorch, for every network in this process. Enabled by default;
    /// the environment variable <c>DECONVNET_ONEDNN=off</c> disables it.
    /// </summary>
    /// <remarks>
    /// Meant for an application's own networks if <see cref="Check"/> reports <see cref="ConvolutionState.CorrectWhenPadded"/>: with oneDNN, their convolutions are wrong
    /// if the number of channels is not a multiple of 16; without it, they are correct and take 1.1 to 1.6 times as long. DeconvNet's own networks are correct
    /// either way. Do not enable it between a forward pass and its backward pass.
    /// </remarks>
    /// <param name="enabled">Whether oneDNN is used.</param>
    /// <exception cref="PlatformNotSupportedException">OneDNN cannot be disabled in this libtorch, or TorchSharp does not support this system.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded (the message says what to do), or oneDNN is disabled because of <see cref="ConvolutionState.Wrong"/>.</exception>
    public static void UseOneDnn(bool enabled)
    {
        EnsureUsable();
        lock (Gate)
        {
            if (!OneDnn.HasSwitch)
                throw new PlatformNotSupportedException("This libtorch does not export the switch of oneDNN; use the backend package of TorchSharp's version.");
            if (enabled && OneDnn.State == ConvolutionState.Wrong)
                throw new InvalidOperationException("OneDNN's convolutions are wrong on this processor, whatever the channels; it stays off.");
            OneDnn.Use(enabled);
            report = TorchProbe.Running(report!.LibTorchVersion, report.IsCudaAvailable);
        }
    }

    /// <summary>
    /// Prepares the loading of native libraries. The package adds a call to C# applications, so that TorchSharp may be used before anything of DeconvNet;
    /// applications in other languages should call it first.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(TorchRuntime).Module.ModuleHandle);
}
