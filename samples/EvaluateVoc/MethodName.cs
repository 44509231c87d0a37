using System.Globalization;
using System.Text.RegularExpressions;

namespace EvaluateVoc;

/// <summary>The name of a method, such as <c>deconvnet</c>, <c>fcn8s+crf</c> or <c>deconvnet@20</c>: its network, its number of proposals where named, and whether a CRF follows.</summary>
internal sealed partial record MethodName(string Network, int? Proposals, bool Crf)
{
    public const string All = "deconvnet, fcn32s, fcn16s, fcn8s, edeconvnet, each also with +crf; deconvnet@N for N proposals";

    /// <summary>The name without its CRF.</summary>
    public string BeforeCrf => Proposals is { } count ? string.Create(CultureInfo.InvariantCulture, $"{Network}@{count}") : Network;

    public string WithoutProposals => Crf ? Network + "+crf" : Network;

    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static MethodName Parse(string name)
    {
        var match = Form().Match(name);
        if (!match.Success)
            throw new ArgumentException($"'{name}' is not a method; expected {All}.");
        int? proposals = match.Groups["count"].Success ? int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : null;
        return new MethodName(match.Groups["network"].Value, proposals, match.Groups["crf"].Success);
    }

    public static IReadOnlyList<string> ParseList(string names)
    {
        var chosen = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in chosen)
            Parse(name);
        return chosen;
    }

    [GeneratedRegex(@"^((?<network>deconvnet)(@(?<count>[1-9]\d{0,5}))?|(?<network>fcn32s|fcn16s|fcn8s|edeconvnet))(?<crf>\+crf)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
