using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;

namespace Samples;

/// <summary>
/// Behavior common to all commands: numbers are read and written independent of the culture; an error is one line on the error stream and exit code 1, never a
/// stack trace; Ctrl+C and SIGTERM stop the work cleanly, with exit code 130.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(this RootCommand command, string[] args)
    {
        // The parser reads numbers in the current culture: a German one reads 0.01 as 1.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        RequireDecimalPoints(command);
        ParseResult parsed;
        try
        {
            parsed = command.Parse(args);
        }
        catch (InvalidOperationException error)
        {
            // A validator of the whole command asked for the value of an option that is given without one.
            Console.Error.WriteLine(error.Message);
            return 1;
        }

        if (parsed.Action is ParseErrorAction mistake)
            mistake.ShowHelp = false;
        WriteUtf8();

        // The parser's own handler terminates the process after two seconds, whatever is running.
        using var signals = new StopSignals();
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, signals.Token);
    }

    // In the default code page of Windows consoles, table borders and characters such as × become question marks.
    private static void WriteUtf8()
    {
        if (OperatingSystem.IsWindows() && Console.OutputEncoding.CodePage != Encoding.UTF8.CodePage)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    // The invariant culture treats a comma as a thousands separator, and would read 0,01 as 1.
    private static void RequireDecimalPoints(Command command)
    {
        foreach (var option in command.Options.Where(option => option.ValueType == typeof(double) || option.ValueType == typeof(double?)))
        {
            option.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.Contains(',', StringComparison.Ordinal)))
                    result.AddError($"'{token.Value}' is not a number for {option.Name}: write decimals with a point, as in 0.01.");
            });
        }

        foreach (var subcommand in command.Subcommands)
            RequireDecimalPoints(subcommand);
    }

    /// <summary>Runs the work of a command.</summary>
    /// <param name="work">The work; it leaves the main thread free for Ctrl+C.</param>
    /// <param name="whenStopped">Message after Ctrl+C.</param>
    public static Task<int> WorkAsync(Func<Task> work, string whenStopped) => WorkAsync(
        async () =>
        {
            await work();
            return 0;
        },
        whenStopped);

    /// <summary>Runs the work of a command with its own exit code.</summary>
    /// <inheritdoc cref="WorkAsync(Func{Task}, string)"/>
    public static async Task<int> WorkAsync(Func<Task<int>> work, string whenStopped)
    {
        try
        {
            return await Task.Run(work);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(whenStopped);
            return 130;
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException or InsufficientMemoryException)
        {
            Console.Error.WriteLine($"Error: {error.Message.ReplaceLineEndings("\n").Split('\n')[0]}");
            return 1;
        }
    }
}
