namespace DeconvNet.Runtime;

/// <summary>
/// OneDNN, the part of libtorch that computes convolutions on the CPU: whether they are right on this processor, and its switch. Safe from many threads.
/// </summary>
internal static class OneDnn
{
    /// <summary>The environment variable that decides without code.</summary>
    public const string Variable = "DECONVNET_ONEDNN";

    /// <summary>Its value that turns oneDNN off.</summary>
    public const string Off = "off";

    /// <summary>Its value that has channels padded whatever the test finds.</summary>
    public const string Padded = "padded";

    private static readonly Lock Gate = new();
    private static LibTorchContext? context;
    private static int suspensions;
    private static bool isWanted = true;

    /// <summary>What the test found, or the environment demands.</summary>
    public static ConvolutionState State { get; private set; }

    /// <summary>Whether the environment demands padded channels, so that nothing was tested without them.</summary>
    public static bool IsForced { get; private set; }

    /// <summary>Whether channels must be padded to multiples of 16 for a convolution to come out right. Tests set it.</summary>
    public static bool NeedsPadding { get; set; }

    /// <summary>Whether this libtorch lets oneDNN be turned off.</summary>
    public static bool HasSwitch => context is not null;

    /// <summary>Whether oneDNN is on, apart from networks that run without it for the moment.</summary>
    public static bool IsOn => isWanted || !HasSwitch;

    /// <summary>Tests oneDNN and draws the consequences; silences NNPACK.</summary>
    /// <param name="libTorch">The loaded <c>torch_cpu</c>.</param>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    public static void Examine(nint libTorch, string? setting)
    {
        context = LibTorchContext.Of(libTorch);
        context?.TurnNnpackOff();
        var wasOn = context?.IsOneDnnOn ?? true;
        Use(true);
        IsForced = setting == Padded;
        State = IsForced || !ConvolutionProbe.IsRightForAnyChannels()
            ? ConvolutionProbe.IsRightForPaddedChannels() ? ConvolutionState.RightWhenPadded : ConvolutionState.Wrong
            : ConvolutionState.Right;
        Use(wasOn && State != ConvolutionState.Wrong && setting != Off);
    }

    /// <summary>Turns oneDNN on or off, where it has a switch.</summary>
    public static void Use(bool enabled)
    {
        lock (Gate)
        {
            isWanted = enabled;
            NeedsPadding = State == ConvolutionState.RightWhenPadded && (IsOn || IsForced);
            Apply();
        }
    }

    /// <summary>Keeps oneDNN off until the result is disposed, for a network whose channels nobody pads; several may do so at once.</summary>
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
