using System.Net;
using Feeds.Terminal;

namespace Feeds.Configuration;

/// <summary>Rules that need more than one key.</summary>
internal static class ConfigRules
{
    /// <summary>Returns the options with the row file in the data folder.</summary>
    public static FeedsOptions PutRowsInDataFolder(FeedsOptions o)
    {
        SinksOptions sinks = o.DataFeeds.Sinks with { CsvPath = Path.Combine(o.Storage.DataDir, "feeds_log.csv") };
        return o with { DataFeeds = o.DataFeeds with { Sinks = sinks } };
    }

    /// <summary>
    /// Returns the options with what files hold read in; complains of keys that contradict each other.
    /// </summary>
    public static FeedsOptions Check(FeedsOptions o, List<string> errors)
    {
        if (o.DataFeeds.DepthLevels > o.DataFeeds.DepthStreamLevels)
        {
            errors.Add($"data_feeds.depth_levels = {o.DataFeeds.DepthLevels}: "
                + $"must be at most data_feeds.depth_stream_levels ({o.DataFeeds.DepthStreamLevels})");
        }
        if (o.DataFeeds.Sinks.ParquetPath is { } parquet && !o.DataFeeds.Features)
        {
            errors.Add($"data_feeds.sinks.parquet_path = {PlainText.Of(parquet)}: "
                + "takes feature rows, and data_feeds.features is false");
        }
        if (o.Context.ReferenceSymbols.Count > 2)
            errors.Add(
                $"context.reference_symbols = [{string.Join(", ", o.Context.ReferenceSymbols)}]: at most two are "
                + "allowed");
        if (o.Http is { Token: not null, TokenFile: not null })
            errors.Add("http.token_file: http.token is set as well; one of them is allowed");
        else if (o.Http.TokenFile is not null)
            o = o with { Http = o.Http with { Token = ReadLine("http.token_file", o.Http.TokenFile, 16, errors) } };
        if (o.Storage is { Postgres: not null, PostgresFile: not null })
            errors.Add("storage.postgres_file: storage.postgres is set as well; one of them is allowed");
        else if (o.Storage.PostgresFile is { } postgres)
            o = o with
            {
                Storage = o.Storage with { Postgres = ReadLine("storage.postgres_file", postgres, 1, errors) },
            };
        if (o.Cluster.Enabled && o.Storage is { Postgres: null, PostgresFile: null })
            errors.Add("cluster.enabled = true: needs storage.postgres or storage.postgres_file, where the nodes meet");
        if (o.Cluster.NodeId != "auto" && !NodeNames.IsName(o.Cluster.NodeId))
            errors.Add($"cluster.node_id = {PlainText.Of(o.Cluster.NodeId)}: must be auto, or {NodeNames.Allowed}");
        bool openToOthers = !IPAddress.IsLoopback(BindKind.EndPoint(o.Http.Bind).Address);
        if (openToOthers && o.Http is { Token: null, TokenFile: null })
            errors.Add(
                $"http.bind = {o.Http.Bind}: an address other than loopback needs http.token or http.token_file");
        return o with { Exchange = o.Exchange.WithPreset() };
    }

    /// <summary>Returns the secret in a file, without blanks around it; complains when there is none.</summary>
    private static Secret? ReadLine(string key, string path, int minLength, List<string> errors)
    {
        try
        {
            string text = new FileInfo(path).Length > 4096 ? "" : File.ReadAllText(path).Trim();
            if (new SecretKind("", minLength).IsFit(text)) return new Secret(text);
            errors.Add($"{key} = {PlainText.Of(path)}: must hold one line of at least {minLength} characters");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{key} = {PlainText.Of(path)}: cannot be read: {PlainText.Of(e.Message)}");
        }
        return null;
    }
}
