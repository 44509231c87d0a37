using System.Globalization;
using System.Text;

namespace DeconvNet;

/// <summary>
/// The text of option records. It identifies results that are stored and merged, so it must not depend on the culture, unlike the text that the compiler generates
/// for records.
/// </summary>
internal static class OptionText
{
    /// <param name="options">The record.</param>
    /// <param name="printMembers">Its compiler-generated <c>PrintMembers</c>.</param>
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
