using System.Diagnostics;
using Xunit;

namespace Feeds.System.Tests.Journal;

/// <summary>Programs of the system that break things, as far as they are there and may be used.</summary>
internal static class Tool
{
    /// <summary>Skips the test when a program is not there, or the user may not use it.</summary>
    public static void Need(params string[] programs)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        foreach (string program in programs)
        {
            Assert.SkipUnless(
                new[] { "/usr/bin", "/usr/sbin", "/bin", "/sbin" }.Any(
                    folder => File.Exists(Path.Combine(folder, program))),
                $"{program} is not here");
        }
    }

    /// <summary>Mounts a file system on a folder; skips the test when this user may not.</summary>
    public static Mount Mount(string folder, params string[] arguments)
    {
        Need("mount", "umount");
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        string? refused = Try("mount", [.. arguments, folder]);
        Assert.SkipWhen(refused is not null, $"may not mount here: {refused}");
        return new Mount(folder);
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static void Run(string program, params string[] arguments)
    {
        string? refused = Try(program, arguments);
        Assert.True(refused is null, $"{program} {string.Join(' ', arguments)}: {refused}");
    }

    /// <summary>Runs a program; returns null, or what it said when it failed.</summary>
    public static string? Try(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Length > 0 ? error : $"exit code {process.ExitCode}";
    }
}
