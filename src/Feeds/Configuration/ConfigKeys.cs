namespace Feeds.Configuration;

/// <summary>Every key there is, in the order of the reference file. A key that is not here is refused.</summary>
internal static partial class ConfigKeys
{
    /// <summary>The keys.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        .. FeedKeys, .. ExchangeKeys, .. StorageKeys, .. ClusterKeys, .. ContextKeys, .. HttpKeys, .. HistoryKeys,
        .. JournalKeys, .. LoggingKeys,
    ];

    /// <summary>The top-level sections that are ours.</summary>
    public static IReadOnlySet<string> Sections { get; } =
        All.Select(static key => key.Path[..key.Path.IndexOf('.', StringComparison.Ordinal)]).ToHashSet();

    /// <summary>The key at a path; null when there is none.</summary>
    public static ConfigKey? Find(string path) => All.FirstOrDefault(key => key.Path == path);

    /// <summary>True when keys lie below a path.</summary>
    public static bool IsGroup(string path) =>
        All.Any(key => key.Path.StartsWith(path, StringComparison.Ordinal) && key.Path.Length > path.Length
            && key.Path[path.Length] == '.');

    /// <summary>The name that somebody may have meant; null when none is near.</summary>
    public static string? Near(string path, IEnumerable<string> names)
    {
        (string? name, int distance) = names.Select(name => ((string?)name, Distance(name, path))).MinBy(
            static n => n.Item2);
        return distance <= Math.Max(2, path.Length / 5) ? name : null;
    }

    private static ConfigKey<T> Key<T>(
        string path,
        ValueKind<T> kind,
        Func<FeedsOptions, T> get,
        Func<FeedsOptions, T, FeedsOptions> put,
        string meaning,
        string? lacking = null) =>
        new(kind, get, put)
        {
            Path = path,
            Meaning = meaning,
            Lacking = lacking,
            IsSecret = kind is SecretKind,
            MayHoldPassword = kind is ProxyKind or ServerUrlKind,
        };

    /// <summary>Returns how many characters must be put in, taken out or changed (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
