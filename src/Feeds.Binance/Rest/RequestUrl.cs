using System.Globalization;
using System.Text;

namespace Feeds.Binance.Rest;

/// <summary>Builds path and query of a request; values are percent-encoded, absent ones left out.</summary>
internal sealed class RequestUrl(string path)
{
    private readonly StringBuilder _text = new(path.TrimStart('/'));
    private bool _hasQuery;

    public RequestUrl With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_hasQuery ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _hasQuery = true;
        }

        return this;
    }

    public RequestUrl With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
