using System.IO.Compression;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>What faults do to the answers of REST.</summary>
internal static class RestFaults
{
    /// <summary>The first refusal among the faults that hit a request; null when it is to be answered.</summary>
    public static RestRefusal? Refusal(IReadOnlyList<Fault> faults)
    {
        foreach (Fault fault in faults)
        {
            int retryAfter = (int)fault.Delay.TotalSeconds;
            RestRefusal? refusal = fault.Kind switch
            {
                FaultKind.TooManyRequests => new RestRefusal(
                    429, retryAfter,
                        "{\"code\":-1003,\"msg\":\"Too many requests; please use the websocket for live updates.\"}"),
                FaultKind.Forbidden =>
                    new RestRefusal(403, 0, "<html><head><title>403 Forbidden</title></head></html>"),
                FaultKind.GeoBlock => new RestRefusal(
                    451, 0, "{\"code\":0,\"msg\":\"Service unavailable from a restricted location.\"}"),
                FaultKind.ServerError => new RestRefusal(
                    503, retryAfter,
                        "{\"code\":-1000,\"msg\":\"Unknown error, please check your request or try again later.\"}"),
                FaultKind.HtmlAnswer => new RestRefusal(200, 0, "<html><body>maintenance</body></html>"),
                _ => null,
            };
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Returns gzip that unpacks to far more than it has; null when no fault asks for it.</summary>
    public static byte[]? Bomb(IReadOnlyList<Fault> faults)
    {
        if (faults.FirstOrDefault(static fault => fault.Kind == FaultKind.BombAnswer) is not { } bomb)
        {
            return null;
        }

        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] blanks = new byte[64 * 1024];
            blanks.AsSpan().Fill((byte)' ');
            for (int left = bomb.Bytes; left > 0; left -= blanks.Length)
            {
                zip.Write(blanks.AsSpan(0, Math.Min(left, blanks.Length)));
            }

            zip.Write("[]"u8);
        }

        return packed.ToArray();
    }

    /// <summary>The body that goes out: whole, or cut in the middle.</summary>
    public static ReadOnlyMemory<byte> Body(IReadOnlyList<Fault> faults, ReadOnlyMemory<byte> body) =>
        faults.Any(static fault => fault.Kind == FaultKind.TruncatedAnswer) ? body[..(body.Length / 2)] : body;
}
