using System.Text;
using Feeds.Core.Market;

namespace Feeds.Engine.Sharding;

/// <summary>
/// Rendezvous hashing (highest random weight): each node has a weight for each symbol, and the heaviest should own it.
/// A node that comes takes about its share from each of the others, one that goes leaves its own to the rest, and no
/// other symbol moves.
/// </summary>
internal static class Rendezvous
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    // No byte of UTF-8 text: where the node's name ends is never in doubt.
    private const byte Between = 0xFF;

    /// <summary>
    /// Returns the node that should own a symbol; null when there is no node. Ids weigh by their configured name,
    /// without the number of the start: a node that is started again gets its symbols back.
    /// </summary>
    public static string? OwnerOf(Symbol symbol, IEnumerable<string> nodes)
    {
        string? owner = null;
        ulong heaviest = 0;
        foreach (string node in nodes)
        {
            ulong weight = Weight(NameOf(node), symbol.Text);
            if (owner is null || weight > heaviest || (weight == heaviest && string.CompareOrdinal(node, owner) < 0))
            {
                owner = node;
                heaviest = weight;
            }
        }

        return owner;
    }

    /// <summary>
    /// True when both ids are starts of the same configured name, of which one process at a time is alive.
    /// </summary>
    public static bool IsSameName(string nodeId, string otherId) => NameOf(nodeId) == NameOf(otherId);

    /// <summary>
    /// Returns the weight of a node for a symbol: 64 bits of both texts' UTF-8 bytes, the same on every machine.
    /// </summary>
    public static ulong Weight(string node, string symbol)
    {
        ulong hash = Add(Add(OffsetBasis, Encoding.UTF8.GetBytes(node)), [Between]);
        return Mixed(Add(hash, Encoding.UTF8.GetBytes(symbol)));
    }

    private static string NameOf(string nodeId) => nodeId.LastIndexOf('@') is > 0 and var at ? nodeId[..at] : nodeId;

    // FNV-1a, 64 bits.
    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte each in bytes)
        {
            hash = (hash ^ each) * Prime;
        }

        return hash;
    }

    // SplitMix64's last step: FNV alone leaves the upper bits of short texts too much alike for a comparison of
    // weights.
    private static ulong Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
