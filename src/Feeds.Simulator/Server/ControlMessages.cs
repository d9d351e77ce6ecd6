using System.Text.Json;

namespace Feeds.Simulator.Server;

/// <summary>What a client says on a stream connection: SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS.</summary>
internal static class ControlMessages
{
    /// <summary>Acts on a message and writes the answer; false when the connection must be closed after it.</summary>
    public static bool Answer(StreamConnection connection, byte[] message, FrameWriter answer, int maxStreams)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message);
            JsonElement root = document.RootElement;
            string id = root.TryGetProperty("id", out JsonElement element) ? element.GetRawText() : "null";
            string method = root.TryGetProperty("method", out element) && element.ValueKind == JsonValueKind.String
                ? element.GetString()! : "";
            List<string> names = [];
            if (root.TryGetProperty("params", out element) && element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement name in element.EnumerateArray())
                {
                    if (name.ValueKind == JsonValueKind.String)
                    {
                        names.Add(name.GetString()!);
                    }
                }
            }

            switch (method)
            {
                case "SUBSCRIBE":
                    if (!connection.Subscribe(names))
                    {
                        answer.Text(Error($"Invalid request: at most {maxStreams} streams", id));
                        return false;
                    }

                    // Whatever was asked for, known or not, on the right path or not: the answer is the same.
                    answer.Text($"{{\"result\":null,\"id\":{id}}}");
                    return true;
                case "UNSUBSCRIBE":
                    connection.Unsubscribe(names);
                    answer.Text($"{{\"result\":null,\"id\":{id}}}");
                    return true;
                case "LIST_SUBSCRIPTIONS":
                    string list = string.Join(',', connection.Subscriptions.Select(static name => $"\"{name}\""));
                    answer.Text($"{{\"result\":[{list}],\"id\":{id}}}");
                    return true;
                default:
                    answer.Text(Error("Invalid request: unknown method", id));
                    return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            answer.Text("{\"error\":{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 1 column 1\"}}");
            return true;
        }
    }

    private static string Error(string message, string id) =>
        $"{{\"error\":{{\"code\":2,\"msg\":\"{message}\"}},\"id\":{id}}}";
}
