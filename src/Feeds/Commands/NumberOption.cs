using System.CommandLine;
using System.Globalization;

namespace Feeds.Commands;

/// <summary>Options that take a number within bounds, and say so in one line when it is none.</summary>
internal static class NumberOption
{
    /// <summary>Makes an option for a whole number, both bounds included; 0 when it is not given.</summary>
    public static Option<int> Whole(string name, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= min && value <= max)
                return value;
            result.AddError($"{name} = {text}: must be a whole number, {min}…{max}");
            return 0;
        },
    };
}
