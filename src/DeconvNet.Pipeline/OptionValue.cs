using System.Runtime.CompilerServices;

namespace DeconvNet;

/// <summary>Validation of option records.</summary>
internal static class OptionValue
{
    /// <summary>Throws unless <paramref name="holds"/>; the message names record, option, value and the expected range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static void Require(bool holds, object options, object? value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{options.GetType().Name}.{name} is {value}; it must be {expected}."));
    }
}
