using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Feeds.Simulator.Server;

/// <summary>
/// The parameters of a request. The first one that is wrong is remembered and makes the whole request wrong.
/// </summary>
internal sealed class RestQuery(IQueryCollection query)
{
    /// <summary>The first error found; null while there is none.</summary>
    public RestError? Error { get; private set; }

    /// <summary>Returns a text; empty when it was not sent.</summary>
    public string Text(string name) => query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value)
        ? value.ToString()
        : "";

    /// <summary>True when a parameter was sent.</summary>
    public bool Has(string name) => Text(name).Length > 0;

    /// <summary>Returns a whole number; null when it was not sent.</summary>
    public long? Long(string name)
    {
        string text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return value;
        }

        Fail(RestError.Parameter(name));
        return null;
    }

    /// <summary>Returns the limit that was sent, or its default; more than the most is an error.</summary>
    public int Limit(int otherwise, int most)
    {
        long? value = Long("limit");
        if (value is < 1 || value > most)
        {
            Fail(RestError.Parameter("limit"));
            return otherwise;
        }

        return (int)(value ?? otherwise);
    }

    public void Fail(RestError error) => Error ??= error;
}
