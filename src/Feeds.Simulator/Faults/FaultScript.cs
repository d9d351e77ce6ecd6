using System.Globalization;
using System.Text.Json;
using Feeds.Core;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>
/// Faults written down: a JSON array of objects, or an object with such an array under <c>faults</c>. Times are
/// seconds. Unknown keys and impossible values are refused with one sentence.
/// </summary>
public static class FaultScript
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Returns the faults of a file.</summary>
    /// <exception cref="FeedsException">The file cannot be read, or is not a script.</exception>
    public static IReadOnlyList<Fault> Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedsException($"fault script {path}: cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Returns the faults of a script.</summary>
    /// <exception cref="FeedsException">The text is not a script; the message says where.</exception>
    public static IReadOnlyList<Fault> Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Lenient);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("faults", out JsonElement inner))
            {
                root = inner;
            }

            if (root.ValueKind != JsonValueKind.Array)
            {
                throw new FeedsException("fault script: must be an array of faults");
            }

            return [.. root.EnumerateArray().Select(One)];
        }
        catch (JsonException e)
        {
            throw new FeedsException($"fault script: not JSON ({e.Message})", e);
        }
    }

    private static Fault One(JsonElement element, int index)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("kind", out JsonElement kind)
            || !Enum.TryParse(
                kind.ToString().Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out FaultKind parsed)
            || parsed == FaultKind.None)
        {
            string kinds = string.Join(", ", Enum.GetNames<FaultKind>().Skip(1));
            throw new FeedsException(FormattableString.Invariant($"fault {index}: kind must be one of {kinds}"));
        }

        Fault fault = new() { Kind = parsed };
        foreach (JsonProperty property in element.EnumerateObject())
        {
            try
            {
                fault = With(fault, property);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException)
            {
                throw new FeedsException(
                    FormattableString.Invariant(
                        $"fault {index}: {property.Name} = {property.Value.GetRawText()}: not a value for it"), e);
            }
        }

        fault.Validate();
        return fault;
    }

    private static Fault With(Fault fault, JsonProperty property)
    {
        JsonElement value = property.Value;
        return property.Name switch
        {
            "kind" => fault,
            "at" => fault with { At = Seconds(value) },
            "for" => fault with { Duration = value.ValueKind == JsonValueKind.Null ? null : Seconds(value) },
            "symbol" => fault with { Symbol = value.GetString() },
            "stream" => fault with { Stream = value.GetString() },
            "route" => fault with
            {
                Route = Enum.TryParse(value.GetString(), ignoreCase: true, out StreamRoute route)
                    ? route
                    : throw new FormatException("route"),
            },
            "endpoint" => fault with { Endpoint = value.GetString() },
            "connection" => fault with { Connection = value.GetInt32() },
            "share" => fault with { Share = value.GetDouble() },
            "fromId" => fault with { FromId = value.GetInt64() },
            "toId" => fault with { ToId = value.GetInt64() },
            "within" => fault with { Within = value.GetInt32() },
            "delay" => fault with { Delay = Seconds(value) },
            "bytes" => fault with { Bytes = value.GetInt32() },
            "perConnection" => fault with { PerConnection = value.GetBoolean() },
            _ => throw new FeedsException(string.Create(
                CultureInfo.InvariantCulture,
                $"fault {fault.Kind}: unknown key {property.Name}; known are kind, at, for, symbol, stream, route, "
                + $"endpoint, connection, share, fromId, toId, within, delay, bytes, perConnection")),
        };
    }

    private static TimeSpan Seconds(JsonElement value) => TimeSpan.FromSeconds(value.GetDouble());
}
