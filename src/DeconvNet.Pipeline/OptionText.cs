using System.Globalization;
using System.Text;

namespace DeconvNet;

/// <summary>
/// The text of records of options. It identifies results that are kept and merged, so it is the same under every culture; what the compiler generates for
/// records is not.
/// </summary>
internal static class OptionText
{
    /// <param name="options">The record.</param>
    /// <param name="printMembers">Its <c>PrintMembers</c>, which the compiler generates.</param>
    public static string Of(object options, Func<StringBuilder, bool> printMembers)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var text = new StringBuilder(options.GetType().Name).Append(" { ");
            return (printMembers(text) ? text.Append(' ') : text).Append('}').ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
