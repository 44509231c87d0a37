using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// OneDNN, which computes convolutions on the CPU in libtorch: whether they are correct on this processor, and how to disable it. Thread-safe.
/// </summary>
internal static class OneDnn
{
    /// <summary>The environment variable that configures it.</summary>
    public const string Variable = "DECONVNET_ONEDNN";

    /// <summary>The value that disables oneDNN.</summary>
    public const string Off = "off";

    /// <summary>The value that pads channels whatever the test finds.</summary>
    public const string Padded = "padded";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<ScalarType, bool> correctTypes = [];
    private static LibTorchContext? context;
    private static int suspensions;
    private static bool isWanted = true;

    /// <summary>The result of the test, or the setting of the environment.</summary>
    public static ConvolutionState State { get; private set; }

    /// <summary>Whether the environment requests padding, so that convolutions without padding were not tested.</summary>
    public static bool IsForced { get; private set; }

    /// <summary>Whether channels must be padded to multiples of 16 for correct convolutions. Tests set it.</summary>
    public static bool NeedsPadding { get; set; }

    /// <summary>Whether oneDNN can be disabled in this libtorch.</summary>
    public static bool HasSwitch => context is not null;

    /// <summary>Whether oneDNN is enabled, apart from networks that temporarily run without it.</summary>
    public static bool IsOn => isWanted || !HasSwitch;

    /// <summary>Tests oneDNN and applies the result; disables NNPACK.</summary>
    /// <param name="libTorch">The loaded <c>torch_cpu</c>.</param>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    public static void Examine(nint libTorch, string? setting)
    {
        context = LibTorchContext.Of(libTorch);
        context?.TurnNnpackOff();
        var wasOn = context?.IsOneDnnOn ?? true;
        Use(true);
        IsForced = setting == Padded;
        State = IsForced || !ConvolutionProbe.IsCorrectForAnyChannels()
            ? ConvolutionProbe.IsCorrectForPaddedChannels() ? ConvolutionState.CorrectWhenPadded : ConvolutionState.Wrong
            : ConvolutionState.Correct;
        Use(wasOn && State != ConvolutionState.Wrong && setting != Off);
    }

    /// <summary>Enables or disables oneDNN, if possible.</summary>
    public static void Use(bool enabled)
    {
        lock (Gate)
        {
            isWanted = enabled;
            NeedsPadding = State == ConvolutionState.CorrectWhenPadded && (IsOn || IsForced);
            Apply();
        }
    }

    /// <summary>Disables oneDNN until the result is disposed, for a network without channel padding; may be nested.</summary>
    public static IDisposable? SuspendWhereWrong()
    {
        if (!NeedsPadding || !HasSwitch)
            return null;
        lock (Gate)
        {
            suspensions++;
            Apply();
        }

        return new Suspension();
    }

    /// <summary>Whether convolutions in a 16-bit format are computed by oneDNN, correctly and without padding. Tested once.</summary>
    public static bool IsCorrectIn(ScalarType type)
    {
        if (NeedsPadding || !IsOn || State == ConvolutionState.Wrong)
            return false;
        lock (Gate)
        {
            if (!correctTypes.TryGetValue(type, out var isCorrect))
                correctTypes.Add(type, isCorrect = ConvolutionProbe.IsCorrectIn(type));
            return isCorrect;
        }
    }

    private static void Apply()
    {
        if (context is not null)
            context.IsOneDnnOn = isWanted && suspensions == 0;
    }

    private sealed class Suspension : IDisposable
    {
        private bool isOver;

        public void Dispose()
        {
            lock (Gate)
            {
                if (isOver)
                    return;
                isOver = true;
                suspensions--;
                Apply();
            }
        }
    }
}
