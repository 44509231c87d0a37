using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>
/// Keeps OpenMP's threads from spinning while they wait for each other. As GNU's OpenMP comes, a thread that waits burns its core for a while before it sleeps, so that
/// beside any other load a network takes several times as long: the threads that wait keep those from running that they wait for.
/// </summary>
internal static partial class OpenMpWaiting
{
    /// <summary>GNU's variable: how often a waiting thread looks before it sleeps.</summary>
    public const string Variable = "GOMP_SPINCOUNT";

    /// <summary>OpenMP's own variable for the same, which GNU's overrules.</summary>
    private const string PolicyVariable = "OMP_WAIT_POLICY";

    private const string Value = "0";

    /// <summary>To be called before libtorch is loaded, which brings its OpenMP along. The user's own setting stays. Does nothing on other systems than Linux.</summary>
    public static void LetThreadsSleep()
    {
        // The environment that .NET shows is a copy, which native code does not see.
        if (OperatingSystem.IsLinux() && !IsLeftAlone(Environment.GetEnvironmentVariable))
            _ = SetVariable(Variable, Value, overwrite: 0);
    }

    /// <summary>Whether the user has said how threads wait.</summary>
    /// <param name="variable">The value of an environment variable by its name.</param>
    internal static bool IsLeftAlone(Func<string, string?> variable) => variable(Variable) is { Length: > 0 } || variable(PolicyVariable) is { Length: > 0 };

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
