using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>
/// Keeps OpenMP threads from spinning while they wait. By default, GNU's OpenMP spins for a while before a waiting thread sleeps, so that
/// a network takes several times as long under other load: waiting threads occupy the cores of those that they wait for.
/// </summary>
internal static partial class OpenMpWaiting
{
    /// <summary>GNU's environment variable: how often a waiting thread checks before it sleeps.</summary>
    public const string Variable = "GOMP_SPINCOUNT";

    /// <summary>OpenMP's standard variable for the same, which GNU's overrides.</summary>
    private const string PolicyVariable = "OMP_WAIT_POLICY";

    private const string Value = "0";

    /// <summary>Must be called before libtorch, and with it OpenMP, is loaded. The user's own setting takes precedence. Does nothing except on Linux.</summary>
    public static void LetThreadsSleep()
    {
        // Environment variables set through .NET are not visible to native code.
        if (OperatingSystem.IsLinux() && !IsLeftAlone(Environment.GetEnvironmentVariable))
            _ = SetVariable(Variable, Value, overwrite: 0);
    }

    /// <summary>Whether the user has configured how threads wait.</summary>
    /// <param name="variable">Returns the value of an environment variable.</param>
    internal static bool IsLeftAlone(Func<string, string?> variable) => variable(Variable) is { Length: > 0 } || variable(PolicyVariable) is { Length: > 0 };

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
