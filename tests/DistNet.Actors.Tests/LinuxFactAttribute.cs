namespace DistNet.Actors.Tests;

/// <summary>A fact about what Linux alone has; elsewhere it is reported as not run.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux has memory without a name that processes share.";
    }
}
