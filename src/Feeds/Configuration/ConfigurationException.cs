using Feeds.Core;

namespace Feeds.Configuration;

/// <summary>The configuration cannot be used; nothing was started.</summary>
internal sealed class ConfigurationException : FeedsException
{
    /// <summary>Makes one of its lines, at least one.</summary>
    public ConfigurationException(IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>Makes one of a single line.</summary>
    public ConfigurationException(string error)
        : this([error])
    {
    }

    /// <summary>A line each: key, value, what is allowed.</summary>
    public IReadOnlyList<string> Errors { get; }
}
