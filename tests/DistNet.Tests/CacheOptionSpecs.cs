namespace DistNet.Tests;

public sealed class CacheOptionSpecs
{
    private static readonly string Home = Path.GetTempPath().TrimEnd('/');

    [Fact]
    public void The_variable_goes_before_the_users_cache_folder() =>
        Assert.Equal("here", Usual(("DISTNET_CACHE", "here"), ("XDG_CACHE_HOME", "/x"), ("HOME", Home)));

    [Fact]
    public void The_users_cache_folder_is_that_of_the_XDG_specification()
    {
        Assert.Equal("/x/distnet", Usual(("XDG_CACHE_HOME", "/x"), ("HOME", Home)));
        Assert.Equal($"{Home}/.cache/distnet", Usual(("XDG_CACHE_HOME", "relative, which the specification has ignored"), ("HOME", Home)));
    }

    [Fact]
    public void A_user_without_a_home_has_the_temporary_folder()
    {
        Assert.Equal(Path.Combine(Path.GetTempPath(), "distnet"), Usual());
        Assert.Equal(Path.Combine(Path.GetTempPath(), "distnet"), Usual(("HOME", "/nonexistent")));
    }

    private static string Usual(params (string Name, string Value)[] variables) =>
        CacheOption.Usual(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
