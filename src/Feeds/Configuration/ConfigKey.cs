namespace Feeds.Configuration;

/// <summary>One key: where it stands, what it means, what is allowed, which part of the options it is.</summary>
internal abstract class ConfigKey
{
    /// <summary>The names from the top down, joined by dots: <c>data_feeds.interval_sec</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What it is, for the reference file.</summary>
    public required string Meaning { get; init; }

    /// <summary>Not null: this build does not have that part, and takes the default only. Names the part.</summary>
    public string? Lacking { get; init; }

    /// <summary>
    /// True when the value must never be shown, and not be given on the command line, where others see it.
    /// </summary>
    public bool IsSecret { get; init; }

    /// <summary>True when the value may have a password in it, so that what was written is not shown either.</summary>
    public bool MayHoldPassword { get; init; }

    /// <summary>The environment variable that sets it.</summary>
    public string Variable =>
        ConfigEnvironment.Prefix + Path.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);

    /// <summary>What is allowed, so that it reads after "must be".</summary>
    public abstract string Allowed { get; }

    /// <summary>Returns the value in some options as flow YAML, a secret masked.</summary>
    public abstract string Write(FeedsOptions options);

    /// <summary>True when the value could be put into the options; otherwise says what is wrong with it.</summary>
    public abstract bool TryPut(ConfigNode node, ref FeedsOptions options, out string error);
}

/// <summary>A key with a value of a type.</summary>
internal sealed class ConfigKey<T>(
    ValueKind<T> kind, Func<FeedsOptions, T> get, Func<FeedsOptions, T, FeedsOptions> put) : ConfigKey
{
    private static readonly FeedsOptions Defaults = new();

    public override string Allowed => kind.Allowed;

    public override string Write(FeedsOptions options) => kind.Write(get(options));

    public override bool TryPut(ConfigNode node, ref FeedsOptions options, out string error)
    {
        if (!kind.TryRead(node, out T value, out error)) return false;
        if (Lacking is not null && kind.Write(value) != Write(Defaults))
        {
            error = $"this build has no {Lacking}; leave it at {Write(Defaults)}";
            return false;
        }
        options = put(options, value);
        return true;
    }
}
